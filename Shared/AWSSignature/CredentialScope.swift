/// Where and when a signing key is good for: `20150830/us-east-1/s3`.
public struct CredentialScope: Sendable, Hashable {
    /// `YYYYMMDD`.
    public var date: String
    /// Empty for SigV4A, whose regions stand in a header of their own.
    public var region: String
    public var service: String

    static let terminator = "aws4_request"

    public init(date: String, region: String, service: String) {
        self.date = date
        self.region = region
        self.service = service
    }

    /// `20150830/us-east-1/s3/aws4_request`, as it stands in the string to sign.
    var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `text`.
    func append(to out: inout [UInt8]) {
        for part in [date, region, service] where !part.isEmpty {
            out.append(contentsOf: part.utf8)
            out.append(UInt8(ascii: "/"))
        }
        out.append(contentsOf: Self.terminator.utf8)
    }
}

/// How a request was signed.
public enum SigningAlgorithm: String, Sendable {
    case hmac = "AWS4-HMAC-SHA256"
    /// SigV4A: asymmetric, for several regions at once.
    case ecdsa = "AWS4-ECDSA-P256-SHA256"
}

/// What `Credential=` says: the access key's identifier and the scope.
struct Credential {
    let accessKeyID: String
    let scope: CredentialScope

    init(_ text: String, algorithm: SigningAlgorithm) throws(SignatureError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        let expected = algorithm == .hmac ? 5 : 4
        // An access key's identifier holds no slash, but S3 allows it; the scope is what stands at the end.
        guard parts.count >= expected, !parts[0].isEmpty else {
            throw .malformed(.credential(text, elements: expected))
        }
        guard parts[parts.count - 1] == CredentialScope.terminator else {
            throw .malformed(.terminator(parts[parts.count - 1]))
        }
        let scope = parts.suffix(expected - 1)
        let first = scope.startIndex
        accessKeyID =
            parts.count == expected ? parts[0] : parts.dropLast(expected - 1).joined(separator: "/")
        self.scope = CredentialScope(
            date: scope[first], region: algorithm == .hmac ? scope[first + 1] : "",
            service: scope[first + (algorithm == .hmac ? 2 : 1)])
    }
}
