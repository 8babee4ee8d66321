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
        let wanted = all.filter { input.table == nil || $0.tableARN == input.table }
        // Nothing has the ARN of a token that was not sealed here.
        let start = input.nextToken.map { open($0) ?? "" }
        guard let page = ListPart(of: wanted, after: start, limit: input.limit ?? Self.pageSize, position: \.arn) else {
            throw ServiceError.validation("Invalid NextToken")
        }
        return Output(imports: page.elements, nextToken: page.next.map(seal))
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
