import ServiceKit

/// Says that nobody counts the keys most used of a table or an index.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContributorInsights.html)
struct DescribeContributorInsights: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let indexName: String?

        init(_ member: Members) throws {
            table = try member("TableName")
            indexName = try member("IndexName")
        }
    }

    struct Output: OutputShape {
        let table: String
        let index: String?

        func write(to json: inout JSONWriter) {
            json.member("TableName", table)
            json.member("IndexName", index)
            json.member("ContributorInsightsRuleList", [String]())
            json.member("ContributorInsightsStatus", "DISABLED")
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        let table = try tables.describedTable(input.table, in: call)
        try table.requireIndex(input.indexName)
        return Output(table: table.name, index: input.indexName)
    }
}

extension TableDefinition {
    /// - Throws: `ResourceNotFoundException` for the name of no index of this table.
    func requireIndex(_ name: String?) throws(ServiceError) {
        guard let name, index(named: name) == nil else { return }
        throw ServiceError(
            "ResourceNotFoundException",
            "Requested resource not found: Index: \(name) not found for table: \(self.name)")
    }
}
