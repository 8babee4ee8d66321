import ServiceKit

/// Changes attributes of an item, creating it where it is missing.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html)
struct UpdateItem: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let key: AttributeMap
        let updateExpression: String?
        let conditionExpression: String?
        let attributes: ExpressionAttributes
        let legacyUpdates: LegacyUpdates
        let legacyCondition: LegacyCondition
        let report: WriteReport

        init(_ member: Members) throws {
            self = try RequestCheck.run { try Input(checking: member) }
        }

        private init(checking member: Members) throws {
            try ExpressionForms.update.check(member)
            table = try member("TableName")
            key = try member("Key")
            updateExpression = try member("UpdateExpression")
            conditionExpression = try member("ConditionExpression")
            attributes = try ExpressionAttributes(member, tellsKeys: false)
            legacyUpdates = try LegacyUpdates(member)
            legacyCondition = try LegacyCondition(member)
            report = try WriteReport(member)
        }
    }

    typealias Output = WriteOutput

    let tables: TableStore
    var isBrief: Bool { true }

    func permissions(for input: Input, in call: Call) -> [Permission] {
        var access = ItemAccess(input.table)
        access.leadingKeys = tables.leadingKeys([input.key], of: input.table, in: call)
        access.attributes = Set(input.key.entries.map(\.name))
        // An expression that does not compile is refused later, by whoever may call at all.
        if call.caller.kind != .root, let (update, condition) = try? compile(input) {
            access.attributes.formUnion(update?.paths.map(\.root) ?? [])
            access.attributes.formUnion(condition?.attributeNames ?? [])
        }
        access.returnValues = input.report.returnValues
        return [access.permission(tables, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let (update, condition) = try RequestCheck.run { try compile(input) }
        var write = try ItemWrite.update(
            input.key, with: update, in: tables.shared(input.table, in: call), if: condition)
        write.returnsOldOnFailure = input.report.returnsOldOnFailure
        let outcome = try await tables.perform(write, at: call.now)
        return try input.report.output(of: outcome, attributes: outcome.attributes(input.report.returnValues, update))
    }

    private func compile(_ input: Input) throws(ServiceError) -> (Update?, Condition?) {
        var compiler = try ExpressionCompiler(input.attributes, tables.expressions)
        let expected = try input.legacyCondition.condition()
        let update = try compiler.update(input.updateExpression)
        let condition = try compiler.condition(input.conditionExpression)
        try compiler.finish(.update, .condition)
        return (update ?? input.legacyUpdates.update, condition ?? expected)
    }
}
