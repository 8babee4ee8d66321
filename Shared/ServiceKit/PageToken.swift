/// An opaque token for the next page: where the last one ended, sealed against tampering.
///
/// The seal binds a token to its owner's key and to the operation it came from.
public struct PageToken: Sendable {
    private let key: [UInt8]

    public init(key: [UInt8]) { self.key = key }

    /// - Parameter scope: the operation and whatever else must be the same on the next page.
    public func seal(_ position: String, scope: String) -> String {
        let payload = Array(position.utf8)
        return Base64.string(tag(payload, scope) + payload, .url)
    }

    /// `nil` for a token that was not sealed here for this scope.
    public func open(_ token: String, scope: String) -> String? {
        guard let bytes = Base64.decode(Array(token.utf8), .url), bytes.count >= 16 else { return nil }
        let payload = Array(bytes.dropFirst(16))
        guard ConstantTime.equal(Array(bytes.prefix(16)), tag(payload, scope)) else { return nil }
        return String(validating: payload, as: UTF8.self)
    }

    private func tag(_ payload: [UInt8], _ scope: String) -> [UInt8] {
        Array(HMAC.sha256(key: key, Array(scope.utf8) + [0] + payload).prefix(16))
    }
}
