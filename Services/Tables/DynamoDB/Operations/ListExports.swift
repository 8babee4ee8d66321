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
        let wanted = all.filter { input.table == nil || $0.tableARN == input.table }
        // Nothing has the ARN of a token that was not sealed here.
        let start = input.nextToken.map { pages.tokens.open($0, scope: "ListExports") ?? "" }
        guard let page = ListPart(of: wanted, after: start, limit: input.limit ?? Self.pageSize, position: \.arn) else {
            throw ServiceError.validation("Invalid NextToken")
        }
        let next = page.next.map { pages.tokens.seal($0, scope: "ListExports") }
        return Output(exports: page.elements, nextToken: next)
    }
}
