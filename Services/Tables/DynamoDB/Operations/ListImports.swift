import Bytes
import ServiceKit

/// Lists the imports of the last ninety days, into all tables or into one.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListImports.html)
struct ListImports: AWSOperation {
    struct Input: InputShape {
        let table: String?
        let limit: Int?
        let nextToken: String?

        init(_ member: Members) throws {
            table = try member("TableArn")
            limit = try member("PageSize")
            nextToken = try member("NextToken")
        }
    }

    struct Output: OutputShape {
        let imports: [TableImport]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("ImportSummaryList", imports.map { ImportDescription(job: $0, isSummary: true) })
            json.member("NextToken", nextToken)
        }
    }

    private static let pageSize = 25

    let tables: TableStore
    let pages: PartiQLPages

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let all = try await tables.read { try $0.imports(account: call.account, region: call.region) }
        var wanted = all.filter { input.table == nil || $0.tableARN == input.table }
        if let token = input.nextToken {
            guard let last = open(token), let position = wanted.firstIndex(where: { $0.arn == last }) else {
                throw ServiceError.validation("Invalid NextToken")
            }
            wanted.removeFirst(position + 1)
        }
        let page = Array(wanted.prefix(input.limit ?? Self.pageSize))
        return Output(imports: page, nextToken: page.count < wanted.count ? page.last.map { seal($0.arn) } : nil)
    }

    // The model wants such a token in hexadecimal, of whole groups of 16 digits.

    private func seal(_ arn: String) -> String {
        let token = Array(pages.tokens.seal(arn, scope: "ListImports").utf8)
        let padding = max(56 - token.count, (8 - token.count % 8) % 8)
        return Hex.string(token + Array(repeating: UInt8(ascii: " "), count: padding))
    }

    private func open(_ token: String) -> String? {
        guard let bytes = Hex.decode(token.utf8) else { return nil }
        let sealed = bytes.prefix { $0 != UInt8(ascii: " ") }
        return pages.tokens.open(String(decoding: sealed, as: UTF8.self), scope: "ListImports")
    }
}
