import ServiceKit

/// The secret bytes of a key at one time: a rotation adds another, and keeps this one for what it enciphered.
struct KeyMaterial: Sendable {
    enum Cause: String, Sendable, SQLValue {
        case automatic = "AUTOMATIC"
        case onDemand = "ON_DEMAND"
    }

    /// How often a key may be rotated on demand.
    static let onDemandLimit = 25

    /// From 1.
    let version: Int
    /// 64 hexadecimal digits.
    let id: String
    /// Under the stack's master key, bound to the key and this version.
    let sealed: [UInt8]
    let created: Timestamp
    /// `nil` for the key's first.
    let cause: Cause?
}

extension KeyMaterial {
    /// New material for a key; that of RSA takes hundreds of milliseconds.
    init(for key: Key, version: Int, cause: Cause?, at now: Timestamp, _ masterKey: MasterKey) throws {
        let secret = try key.spec.newSecret()
        self.init(
            version: version, id: Hex.string(SecureRandom.bytes(32)),
            sealed: try masterKey.seal(secret, for: Self.context(key, version)), created: now, cause: cause)
    }

    func open(for key: Key, _ masterKey: MasterKey) throws -> [UInt8] {
        try masterKey.open(sealed, for: Self.context(key, version))
    }

    private static func context(_ key: Key, _ version: Int) -> String { "kms material \(key.id) \(version)" }
}
