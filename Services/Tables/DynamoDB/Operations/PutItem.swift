import ServiceKit

/// Stores an item in place of any other with its key.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html)
struct PutItem: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let item: StoredItem
        let condition: WriteCondition
        let report: WriteReport

        init(_ member: Members) throws {
            self = try RequestCheck.run { try Input(checking: member) }
        }

        private init(checking member: Members) throws {
            try ExpressionForms.write.check(member)
            table = try member("TableName")
            item = try member("Item")
            condition = try WriteCondition(member)
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
        try RequestCheck.run { try input.report.requireOldOrNone() }
        try input.item.checkSize()
        let condition = try RequestCheck.run { try input.condition.compile(tables.expressions) }
        var write = try ItemWrite.put(input.item, in: tables.shared(input.table, in: call), if: condition)
        write.returnsOldOnFailure = input.report.returnsOldOnFailure
        let outcome = try await tables.perform(write, at: call.now)
        return try input.report.output(of: outcome, attributes: input.report.oldItem(of: outcome))
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
