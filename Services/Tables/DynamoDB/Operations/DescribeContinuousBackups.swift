import ServiceKit

/// Says whether a table has point-in-time recovery, and of what span of time.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html)
struct DescribeContinuousBackups: AWSOperation {
    struct Input: InputShape {
        let table: TableReference

        init(_ member: Members) throws { table = try member("TableName") }
    }

    struct Output: OutputShape {
        let description: ContinuousBackupsDescription

        func write(to json: inout JSONWriter) { json.member("ContinuousBackupsDescription", description) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        let table = try tables.backedUpTable(input.table, in: call)
        return Output(description: ContinuousBackupsDescription(recovery: table.recovery, now: call.now))
    }
}
