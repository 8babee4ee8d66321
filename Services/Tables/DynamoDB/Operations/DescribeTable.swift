import ServiceKit

/// Describes a table.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html)
struct DescribeTable: AWSOperation {
    struct Input: InputShape {
        let table: TableReference

        init(_ member: Members) throws { table = try member("TableName") }
    }

    struct Output: OutputShape {
        let table: TableDescription

        func write(to json: inout JSONWriter) { json.member("Table", table) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let table = try tables.describedTable(input.table, in: call)
        return Output(table: try await tables.read { try TableDescription(table, in: $0, at: call.now) })
    }
}
