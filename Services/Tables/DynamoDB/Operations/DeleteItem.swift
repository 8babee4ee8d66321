import ServiceKit

/// Deletes an item; one that is not there is no fault.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html)
struct DeleteItem: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let key: AttributeMap
        let condition: WriteCondition
        let report: WriteReport

        init(_ member: Members) throws {
            self = try RequestCheck.run { try Input(checking: member) }
        }

        private init(checking member: Members) throws {
            try ExpressionForms.write.check(member)
            table = try member("TableName")
            key = try member("Key")
            condition = try WriteCondition(member)
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
        access.returnValues = input.report.returnValues
        return [access.permission(tables, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let condition = try RequestCheck.run {
            try input.report.requireOldOrNone()
            return try input.condition.compile(tables.expressions)
        }
        var write = try ItemWrite.delete(input.key, from: tables.shared(input.table, in: call), if: condition)
        write.returnsOldOnFailure = input.report.returnsOldOnFailure
        let outcome = try await tables.perform(write, at: call.now)
        return try input.report.output(of: outcome, attributes: input.report.oldItem(of: outcome))
    }
}
