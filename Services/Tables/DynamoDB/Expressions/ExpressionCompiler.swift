import ServiceKit

/// `ExpressionAttributeNames` and `ExpressionAttributeValues` of one request.
struct ExpressionAttributes: Sendable {
    var names: [String: Text]?
    var values: [String: AttributeValue]?

    init() {}

    /// - Parameter tellsKeys: whether the keys of values that are refused are told; those of what is no value are.
    init(_ member: Members, takesValues: Bool = true, tellsKeys: Bool = true) throws {
        let names: [String: String]? = try member("ExpressionAttributeNames")
        self.names = names?.mapValues { Text($0) }
        guard takesValues else { return }
        let values: JSONValue? = try member("ExpressionAttributeValues")
        self.values = try values.map { try readValues($0, tellsKeys: tellsKeys) }
    }

    private func readValues(
        _ json: JSONValue, tellsKeys: Bool
    ) throws -> [String: AttributeValue] {
        var values: [String: AttributeValue] = [:]
        for member in json.members {
            do {
                values[member.name] = try AttributeValueReader.value(member.value)
            } catch {
                guard error.kind != .unreadable, error.kind != .tooDeep else { throw error }
                guard tellsKeys || error.kind == .malformed else { throw error }
                // What is wrong with any of the keys is told first.
                try Placeholders.check(names: names, valueKeys: json.members.map(\.name))
                let message = error.serviceError.message
                throw AttributeValueFault(
                    error.kind,
                    .validation("ExpressionAttributeValues contains invalid value: \(message) for key \(member.name)"))
            }
        }
        return values
    }
}

/// Compiles the expressions of one request, which share names and values, and sees that all of these are used.
struct ExpressionCompiler {
    private let cache: ExpressionCache
    private let attributes: ExpressionAttributes
    private var placeholders: Placeholders
    private var hasExpression = false
    private var takesValues = false

    init(_ attributes: ExpressionAttributes, _ cache: ExpressionCache) throws(ServiceError) {
        self.cache = cache
        self.attributes = attributes
        placeholders = .none
    }

    mutating func condition(
        _ text: String?, _ kind: ExpressionKind = .condition
    ) throws(ServiceError) -> Condition? {
        guard let text else { return nil }
        try begin(takesValues: true)
        return try ConditionBinder.bind(try cache.condition(text, kind), kind: kind, &placeholders)
    }

    mutating func update(_ text: String?) throws(ServiceError) -> Update? {
        guard let text else { return nil }
        try begin(takesValues: true)
        return try UpdateBinder.bind(try cache.update(text), &placeholders)
    }

    mutating func projection(_ text: String?) throws(ServiceError) -> Projection? {
        guard let text else { return nil }
        try begin(takesValues: false)
        return try Projection.bind(try cache.projection(text), &placeholders)
    }

    /// - Parameter valueExpressions: the parameters of the operation that could have used values.
    /// - Throws: for names or values that nothing used.
    func finish(_ valueExpressions: ExpressionKind...) throws(ServiceError) {
        if attributes.names != nil, !hasExpression {
            throw .validation("ExpressionAttributeNames can only be specified when using expressions")
        }
        if attributes.values != nil, !takesValues {
            throw .unusableValues(valueExpressions.map(\.rawValue))
        }
        try placeholders.requireAllUsed()
    }

    /// The parameters are checked when the first expression needs them.
    private mutating func begin(takesValues: Bool) throws(ServiceError) {
        if !hasExpression {
            try Placeholders.check(names: attributes.names, valueKeys: attributes.values.map { Array($0.keys) })
            placeholders = Placeholders(names: attributes.names, values: attributes.values)
        }
        hasExpression = true
        if takesValues { self.takesValues = true }
    }
}
