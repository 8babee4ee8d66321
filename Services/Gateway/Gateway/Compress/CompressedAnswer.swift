import Compression
import HTTP
import HTTPTypes

/// Answers of DynamoDB go compressed to clients that ask for it, from the size on from which DynamoDB's own do.
enum CompressedAnswer {
    private static let smallest = 4096
    /// What takes longer to compress than others on the same thread should wait.
    private static let long = 64 << 10

    static func compress(_ answer: HTTPResponse, of target: Target, for head: RequestHead) async throws -> HTTPResponse
    {
        guard target.service == "dynamodb", let field = head.fields["Accept-Encoding"], field != "identity",
            case .bytes(let bytes) = answer.body, bytes.count > smallest,
            let coding = AcceptEncoding(field).preferred
        else { return answer }
        let compressed =
            bytes.count > long
            ? try await elsewhere(bytes, coding) : try Compressor.compress(bytes, as: coding, effort: .little)
        var answer = answer
        answer.head.fields["Content-Encoding"] = coding.rawValue
        answer.body = .bytes(compressed)
        return answer
    }

    @concurrent private static func elsewhere(_ bytes: [UInt8], _ coding: ContentCoding) async throws -> [UInt8] {
        try Compressor.compress(bytes, as: coding, effort: .little)
    }
}
