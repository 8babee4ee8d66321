import ServiceKit

/// An identity provider whose tokens roles may trust.
struct OIDCProvider: Sendable {
    let account: String
    /// The issuer without its scheme: `accounts.example.com/tenant`.
    let host: String
    var clientIDs: [String]
    var thumbprints: [String]
    let created: Timestamp
    var tags: [Tag]

    var arn: String { "arn:aws:iam::\(account):oidc-provider/\(host)" }

    /// `nil` for an ARN of another account or kind.
    static func host(in arn: String, of account: String) -> String? {
        let prefix = "arn:aws:iam::\(account):oidc-provider/"
        return arn.hasPrefix(prefix) ? String(arn.dropFirst(prefix.count)) : nil
    }

    /// The issuer of an address without its scheme. AWS wants `https`; the stack's own user pools may be plain `http`.
    ///
    /// - Throws: `ValidationError`
    static func host(of url: String) throws -> String {
        let schemes = ["https://", "http://"]
        guard let scheme = schemes.first(where: url.hasPrefix), url.utf8.count > scheme.utf8.count else {
            throw ServiceError.validation("Invalid Open ID Connect Provider URL")
        }
        let host = url.dropFirst(scheme.count)
        return String(host.hasSuffix("/") ? host.dropLast() : host)
    }
}
