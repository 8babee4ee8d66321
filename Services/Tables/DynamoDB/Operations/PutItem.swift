import ServiceKit

/// Stores an item in place of any other with its key.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html)
struct PutItem: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let item: StoredItem
        let conditionExpression: String?
        let attributes: ExpressionAttributes
        let legacy: LegacyCondition
        let report: WriteReport

        init(_ member: Members) throws {
            try ExpressionForms.write.check(member)
            table = try member("TableName")
            item = try member("Item")
            conditionExpression = try member("ConditionExpression")
            attributes = try ExpressionAttributes(member)
            legacy = try LegacyCondition(member)
            report = try WriteReport(member)
        }
    }

    typealias Output = WriteOutput

    let tables: TableStore
    var isBrief: Bool { true }

    func permissions(for input: Input, in call: Call) -> [Permission] {
        var access = ItemAccess(input.table)
        if tables.isBound(call, on: input.table) {
            let attributes = input.item.ownAttributes
            access.leadingKeys = tables.leadingKeys([attributes], of: input.table, in: call)
            access.attributes = Set(attributes.entries.map(\.name))
        }
        access.returnValues = input.report.returnValues
        return [access.permission(tables, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try input.report.requireOldOrNone()
        try input.item.checkSize()
        let condition = try condition(of: input)
        var write = try ItemWrite.put(input.item, in: tables.shared(input.table, in: call), if: condition)
        write.returnsOldOnFailure = input.report.returnsOldOnFailure
        let outcome = try await tables.perform(write, at: call.now)
        return try input.report.output(of: outcome, attributes: input.report.oldItem(of: outcome))
    }

    private func condition(of input: Input) throws(ServiceError) -> Condition? {
        var compiler = try ExpressionCompiler(input.attributes, tables.expressions)
        let expected = try input.legacy.condition()
        let condition = try compiler.condition(input.conditionExpression)
        try compiler.finish(.condition)
        return condition ?? expected
    }
}

extension TableStore {
    /// Performs one write as a transaction of its own.
    func perform(_ write: ItemWrite, at now: Timestamp) async throws -> ItemWrite.Outcome {
        try await self.write { [meter] transaction in
            let outcome = try write.perform(in: transaction, at: now)
            try meter.charge(outcome, at: now)
            return outcome
        }
    }
}
