import ServiceKit

/// Temporary credentials: everything about them stands in the token itself, sealed under the master key, so that giving
/// them out writes nothing and any replica can read them.
public struct Session: Sendable {
    public let accessKeyID: String
    public let secretAccessKey: String
    public let caller: Caller
    public let expires: Timestamp

    /// - Parameter caller: who the holder is; its access key is set to the new one.
    public init(for caller: Caller, until expires: Timestamp) {
        accessKeyID = Identifier.unique(prefix: "ASIA")
        secretAccessKey = SecureRandom.string(40, of: .base64)
        var caller = caller
        caller.accessKeyID = accessKeyID
        self.caller = caller
        self.expires = expires
    }
}

/// Writes and reads session tokens.
public struct SessionTokens: Sendable {
    /// Longer tokens are refused before anything is computed.
    private static let longest = 16_384
    private static let context = "sts session token"
    private let masterKey: MasterKey

    public init(masterKey: MasterKey) { self.masterKey = masterKey }

    public func seal(_ session: Session) throws -> String {
        var json = JSONWriter()
        json.value(session)
        return Base64.string(try masterKey.seal(json.bytes, for: Self.context))
    }

    /// `nil` for a token that was not sealed here.
    public func open(_ token: String) -> Session? {
        guard token.utf8.count <= Self.longest, let sealed = Base64.decode(Array(token.utf8)),
            let bytes = try? masterKey.open(sealed, for: Self.context)
        else { return nil }
        return try? Session(json: JSONDocument(bytes).root)
    }
}

extension Session: InputShape, OutputShape {
    public init(_ member: Members) throws {
        accessKeyID = try member("id")
        secretAccessKey = try member("secret")
        caller = try member("caller")
        expires = try member("expires")
    }

    public func write(to json: inout JSONWriter) {
        json.member("id", accessKeyID)
        json.member("secret", secretAccessKey)
        json.member("caller", caller)
        json.member("expires", expires)
    }
}
