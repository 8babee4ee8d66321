import ServiceKit

/// Lists exports, of all tables or of one.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListExports.html)
struct ListExports: AWSOperation {
    struct Input: InputShape {
        let table: String?
        let limit: Int?
        let nextToken: String?

        init(_ member: Members) throws {
            table = try member("TableArn")
            limit = try member("MaxResults")
            nextToken = try member("NextToken")
        }
    }

    struct Output: OutputShape {
        let exports: [TableExport]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("ExportSummaries", exports.map { ExportDescription(export: $0, isSummary: true) })
            json.member("NextToken", nextToken)
        }
    }

    private static let pageSize = 25

    let tables: TableStore
    let pages: PartiQLPages

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let all = try await tables.read { try $0.exports(account: call.account, region: call.region) }
        var wanted = all.filter { input.table == nil || $0.tableARN == input.table }
        if let token = input.nextToken {
            guard let last = pages.tokens.open(token, scope: "ListExports"),
                let position = wanted.firstIndex(where: { $0.arn == last })
            else { throw ServiceError.validation("Invalid NextToken") }
            wanted.removeFirst(position + 1)
        }
        let page = Array(wanted.prefix(input.limit ?? Self.pageSize))
        let next = page.count < wanted.count ? page.last.map { pages.tokens.seal($0.arn, scope: "ListExports") } : nil
        return Output(exports: page, nextToken: next)
    }
}
