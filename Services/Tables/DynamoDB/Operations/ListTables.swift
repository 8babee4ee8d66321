import ServiceKit

/// Lists the caller's tables in the order of their names.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html)
struct ListTables: AWSOperation {
    struct Input: InputShape {
        let exclusiveStartTableName: String?
        let limit: Int?

        init(_ member: Members) throws {
            exclusiveStartTableName = try member("ExclusiveStartTableName")
            limit = try member("Limit")
        }
    }

    struct Output: OutputShape {
        let tableNames: [String]
        let lastEvaluatedTableName: String?

        func write(to json: inout JSONWriter) {
            json.member("TableNames", tableNames)
            json.member("LastEvaluatedTableName", lastEvaluatedTableName)
        }
    }

    private static let defaultLimit = 100

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) -> Output {
        let names = tables.catalog.names(account: call.account, region: call.region)
        let start = input.exclusiveStartTableName.map { Text($0) }
        let rest = names.drop { name in start.map { Text(name) <= $0 } ?? false }
        let page = Array(rest.prefix(input.limit ?? Self.defaultLimit))
        return Output(tableNames: page, lastEvaluatedTableName: page.count < rest.count ? page.last : nil)
    }
}
