import ServiceKit

/// One member of `TransactItems` in TransactWriteItems.
struct TransactWriteAction: InputShape {
    enum Kind: String, Sendable, CaseIterable {
        case conditionCheck = "ConditionCheck"
        case put = "Put"
        case delete = "Delete"
        case update = "Update"

        /// The IAM action it needs.
        var permission: String {
            switch self {
            case .conditionCheck: "dynamodb:ConditionCheckItem"
            case .put: "dynamodb:PutItem"
            case .delete: "dynamodb:DeleteItem"
            case .update: "dynamodb:UpdateItem"
            }
        }
    }

    let kind: Kind
    let table: TableReference
    /// The item of a put, else the key.
    let subject: ItemSubject
    let updateExpression: String?
    let conditionExpression: String?
    let expressionAttributes: ExpressionAttributes
    let returnsOldOnFailure: Bool

    init(_ member: Members) throws {
        let present = Kind.allCases.filter { member.contains($0.rawValue) }
        guard let kind = present.first, present.count == 1 else {
            throw ServiceError.validation("TransactItems can only contain one of Check, Put, Update or Delete")
        }
        self.kind = kind
        let content: JSONValue = try member(kind.rawValue)
        let action = try Members(content)
        table = try action("TableName")
        subject = kind == .put ? .item(try action("Item")) : .key(try action("Key"))
        if case .item(let item) = subject { try item.checkSize() }
        updateExpression = kind == .update ? try action("UpdateExpression") as String : nil
        let condition: String? = try action("ConditionExpression")
        guard condition != nil || kind != .conditionCheck else { throw MemberError.missing("ConditionExpression") }
        conditionExpression = condition
        expressionAttributes = try ExpressionAttributes(action)
        let onFailure: String? = try action("ReturnValuesOnConditionCheckFailure")
        returnsOldOnFailure = onFailure == "ALL_OLD"
    }

    /// Its expressions, compiled.
    struct Compiled: Sendable {
        let update: Update?
        let condition: Condition?
    }

    func compile(_ cache: ExpressionCache) throws(ServiceError) -> Compiled {
        var compiler = try ExpressionCompiler(expressionAttributes, cache)
        let update = try compiler.update(updateExpression)
        let condition = try compiler.condition(conditionExpression)
        if kind == .update { try compiler.finish(.update, .condition) } else { try compiler.finish(.condition) }
        return Compiled(update: update, condition: condition)
    }

    /// The write, checked against its table.
    func write(_ compiled: Compiled, in table: SharedTable) throws(ServiceError) -> ItemWrite {
        var write =
            switch (subject, kind) {
            case (.item(let item), _): try ItemWrite.put(item, in: table, if: compiled.condition)
            case (.key(let key), .delete): try ItemWrite.delete(key, from: table, if: compiled.condition)
            case (.key(let key), .update):
                try ItemWrite.update(key, with: compiled.update, in: table, if: compiled.condition)
            case (.key(let key), _): try ItemWrite.check(key, in: table, if: compiled.condition)
            }
        write.returnsOldOnFailure = returnsOldOnFailure
        return write
    }
}
