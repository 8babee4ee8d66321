import ServiceKit

/// Describes a global table of version 2017.11.29.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTable.html)
struct DescribeGlobalTable: AWSOperation {
    struct Input: InputShape {
        let globalTableName: String

        init(_ member: Members) throws { globalTableName = try member("GlobalTableName") }
    }

    typealias Output = CreateGlobalTable.Output

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        LegacyGlobalTable.permissions(input.globalTableName, [], tables, in: call)
    }

    func perform(_ input: Input, in call: Call) throws -> Output {
        let table = try LegacyGlobalTable(input.globalTableName, tables, in: call).find()
        return Output(description: GlobalTableDescription(table, in: call))
    }
}
