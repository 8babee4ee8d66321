import ServiceKit

/// `AttributeUpdates`
struct LegacyUpdates: Sendable {
    private let actions: [Update.Action]?

    init(_ member: Members) throws {
        let updates: JSONValue? = try member("AttributeUpdates")
        actions = try updates.map { updates in
            try updates.members.map { try Self.action(on: $0.name, Members($0.value)) }
        }
    }

    var update: Update? { actions.map { Update(actions: $0, isLegacy: true) } }

    private static func action(on name: String, _ member: Members) throws -> Update.Action {
        guard !name.isEmpty else { throw ServiceError.emptyAttributeName }
        let path = DocumentPath(root: Text(name))
        let value: AttributeValue? = try member("Value")
        let action: String = try member("Action") ?? "PUT"
        guard let value else {
            guard action == "DELETE" else {
                throw ServiceError.invalidParameter(
                    "Only DELETE action is allowed when no attribute value is specified")
            }
            return .remove(path)
        }
        switch action {
        case "PUT": return .set(path, .operand(.value(value)))
        case "DELETE":
            guard value.isSet else {
                throw ServiceError.invalidParameter(
                    "DELETE action with value is not supported for the type \(value.kind.rawValue)")
            }
            return .delete(path, value)
        default: return try addition(of: value, to: path)
        }
    }

    private static func addition(of value: AttributeValue, to path: DocumentPath) throws -> Update.Action {
        if value.isSet || value.kind == .number { return .add(path, value) }
        guard value.kind == .list else {
            throw ServiceError.invalidParameter("ADD action is not supported for the type \(value.kind.rawValue)")
        }
        let list = Update.Operand.ifNotExists(path, .value(.list([])))
        return .set(path, .operand(.listAppend(list, .value(value))))
    }
}

extension AttributeValue {
    fileprivate var isSet: Bool { kind == .stringSet || kind == .numberSet || kind == .binarySet }
}
