import Bytes
import Crypto
import HTTPTypes
import Time

/// Signs requests with SigV4.
public struct Signer: Sendable {
    public struct Credentials: Sendable {
        public var accessKeyID: String
        public var secret: String
        public var sessionToken: String?

        public init(accessKeyID: String, secret: String, sessionToken: String? = nil) {
            self.accessKeyID = accessKeyID
            self.secret = secret
            self.sessionToken = sessionToken
        }
    }

    private let credentials: Credentials
    private let region: String
    private let service: String

    public init(_ credentials: Credentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// Adds `X-Amz-Date`, `X-Amz-Content-Sha256`, the session token and `Authorization`.
    ///
    /// Every header is signed but those that proxies change; `Host` must be there.
    /// - Parameter payload: `nil` for the digest of `body`.
    public func sign(
        _ head: RequestHead, body: [UInt8] = [], payload: PayloadDigest? = nil, at date: Timestamp
    ) -> RequestHead {
        var head = head
        let digest = payload?.text ?? Hex.string(SHA256.hash(body))
        head.fields["X-Amz-Date"] = date.iso8601Basic
        head.fields["X-Amz-Content-Sha256"] = digest
        if let token = credentials.sessionToken { head.fields["X-Amz-Security-Token"] = token }
        let names = signedHeaders(of: head)
        let signature = signature(of: head, names, payload: digest, at: date)
        head.fields["Authorization"] =
            "\(SigningAlgorithm.hmac.rawValue) Credential=\(credentials.accessKeyID)/\(scope(at: date).text), "
            + "SignedHeaders=\(names.joined(separator: ";")), Signature=\(signature)"
        return head
    }

    /// Adds the signature to the query, so that whoever has the address may make the request until it expires.
    public func presign(_ head: RequestHead, expiresSeconds: Int, at date: Timestamp) -> RequestHead {
        var head = head
        let names = signedHeaders(of: head)
        var parameters = [
            ("X-Amz-Algorithm", SigningAlgorithm.hmac.rawValue),
            ("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope(at: date).text)"),
            ("X-Amz-Date", date.iso8601Basic), ("X-Amz-Expires", "\(expiresSeconds)"),
        ]
        if let token = credentials.sessionToken { parameters.append(("X-Amz-Security-Token", token)) }
        parameters.append(("X-Amz-SignedHeaders", names.joined(separator: ";")))
        let query = parameters.map { "\($0.0)=\(PercentEncoding.string($0.1))" }.joined(separator: "&")
        head.target += (head.query.isEmpty ? "?" : "&") + query
        let digest = SignedRequest.isS3(service) ? "UNSIGNED-PAYLOAD" : Hex.string(SHA256.hash([]))
        head.target += "&X-Amz-Signature=\(signature(of: head, names, payload: digest, at: date))"
        return head
    }

    private func scope(at date: Timestamp) -> CredentialScope {
        CredentialScope(date: date.basicDate, region: region, service: service)
    }

    private func signature(of head: RequestHead, _ names: [String], payload: String, at date: Timestamp) -> String {
        let rules: CanonicalRequest.Rules = SignedRequest.isS3(service) ? .s3 : .standard
        let canonical = CanonicalRequest(head, signedHeaders: names, payload: payload, rules: rules).bytes
        let scope = scope(at: date)
        let text = StringToSign.request(algorithm: .hmac, date: date, scope: scope, canonical: canonical)
        return String(
            decoding: SigningKey.derive(secret: credentials.secret, scope: scope).sign(text) ?? [], as: UTF8.self)
    }

    private static let unsignable: Set<String> = [
        "authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id",
    ]

    private func signedHeaders(of head: RequestHead) -> [String] {
        Set(head.fields.map { $0.name.asciiLowercased }).subtracting(Self.unsignable).sorted()
    }
}
