import ServiceKit

/// Which parameters of an operation are expressions, and which are the older ones that these took the place of.
///
/// DynamoDB looks at what stands beside what before it looks into any of them.
struct ExpressionForms {
    /// In the order AWS lists them.
    let expressions: [ExpressionKind]
    let older: [String]
    /// Whether the expressions that are not there are told where values are.
    var tellsExpressions = true

    static let write = ExpressionForms(
        expressions: [.condition], older: ["Expected", "ConditionalOperator"], tellsExpressions: false)
    static let update = ExpressionForms(
        expressions: [.update, .condition], older: ["AttributeUpdates", "Expected", "ConditionalOperator"],
        tellsExpressions: false)
    static let get = ExpressionForms(expressions: [.projection], older: ["AttributesToGet"])
    static let query = ExpressionForms(
        expressions: [.projection, .filter, .keyCondition],
        older: ["AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"])
    static let scan = ExpressionForms(
        expressions: [.projection, .filter], older: ["AttributesToGet", "ScanFilter", "ConditionalOperator"])

    /// - Throws: where a request uses both kinds, and for names or values without an expression that could use them.
    func check(_ request: Members) throws(ServiceError) {
        let used = expressions.filter { request.has($0.rawValue) }
        if !used.isEmpty { try refuseOlder(beside: used, request) }
        if used.isEmpty, request.has("ExpressionAttributeNames") {
            throw .validation("ExpressionAttributeNames can only be specified when using expressions")
        }
        if !used.contains(where: { $0 != .projection }), request.has("ExpressionAttributeValues") {
            let names = expressions.filter { $0 != .projection }.map(\.rawValue)
            throw .unusableValues(tellsExpressions ? names : [])
        }
    }

    private func refuseOlder(beside used: [ExpressionKind], _ request: Members) throws(ServiceError) {
        // Conditions on keys may stand beside a filter.
        let isKeyConditionUsed = used.contains(.keyCondition)
        let names = older.filter { request.has($0) && ($0 != "KeyConditions" || isKeyConditionUsed) }
        guard names.isEmpty else { throw .mixedForms(names, used) }
    }
}

extension Members {
    fileprivate func has(_ name: String) -> Bool { object[name].map { !$0.isNull } ?? false }
}

extension ServiceError {
    /// - Parameter expressions: the parameters of the operation that could have used values.
    static func unusableValues(_ expressions: [String]) -> ServiceError {
        let message = "ExpressionAttributeValues can only be specified when using expressions"
        guard !expressions.isEmpty else { return .validation(message) }
        return .validation(
            "\(message): \(expressions.joined(separator: " and ")) \(expressions.count > 1 ? "are" : "is") null")
    }

    static func mixedForms(_ older: [String], _ expressions: [ExpressionKind]) -> ServiceError {
        .validation(
            "Can not use both expression and non-expression parameters in the same request: "
                + "Non-expression parameters: {\(older.joined(separator: ", "))} "
                + "Expression parameters: {\(expressions.map(\.rawValue).joined(separator: ", "))}")
    }
}
