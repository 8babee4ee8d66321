import ServiceKit

/// Refuses to count the keys most used, which Apus does not do; turning it off is what it is already.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContributorInsights.html)
struct UpdateContributorInsights: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let indexName: String?
        let action: String

        init(_ member: Members) throws {
            table = try member("TableName")
            indexName = try member("IndexName")
            action = try member("ContributorInsightsAction")
        }
    }

    struct Output: OutputShape {
        let table: String
        let index: String?

        func write(to json: inout JSONWriter) {
            json.member("TableName", table)
            json.member("IndexName", index)
            json.member("ContributorInsightsStatus", "DISABLED")
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        let table = try tables.describedTable(input.table, in: call)
        try table.requireIndex(input.indexName)
        guard input.action == "DISABLE" else {
            throw ServiceError.validation(
                "Contributor Insights is not implemented by Apus: it cannot be enabled for table \(table.name)")
        }
        return Output(table: table.name, index: input.indexName)
    }
}
