import ServiceKit

/// Lists the tables and indexes whose most used keys are counted: there are none.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListContributorInsights.html)
struct ListContributorInsights: AWSOperation {
    struct Input: InputShape {
        let table: TableReference?

        init(_ member: Members) throws { table = try member("TableName") }
    }

    struct Output: OutputShape {
        func write(to json: inout JSONWriter) { json.member("ContributorInsightsSummaries", [String]()) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        guard let table = input.table else { return [Permission(on: "*")] }
        return [tables.permission(on: table, in: call)]
    }

    func perform(_ input: Input, in call: Call) throws -> Output {
        if let table = input.table { _ = try tables.describedTable(table, in: call) }
        return Output()
    }
}
