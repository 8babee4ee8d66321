/// The key that seals secrets at rest: 32 random bytes in a private file of the data directory, made at first start.
public struct MasterKey: Sendable {
    private let bytes: [UInt8]

    public init(in dataDirectory: String) throws {
        let path = "\(dataDirectory)/master-key"
        _ = try FileBytes.createPrivate(path, SecureRandom.bytes(AESGCM.keyByteCount))
        bytes = try FileBytes.read(path, limit: AESGCM.keyByteCount)
    }

    /// - Parameter context: what the secret belongs to, such as its row's key: it opens nowhere else.
    public func seal(_ secret: [UInt8], for context: String) throws -> [UInt8] {
        try AESGCM.seal(secret, key: bytes, context: Array(context.utf8))
    }

    public func open(_ sealed: [UInt8], for context: String) throws -> [UInt8] {
        try AESGCM.open(sealed, key: bytes, context: Array(context.utf8))
    }

    /// A key of its own for one purpose.
    public func derived(_ purpose: String) -> [UInt8] { HMAC.sha256(key: bytes, purpose) }
}
