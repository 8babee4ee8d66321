import CZeroMQ

/// A CURVE (Curve25519) key in Z85, ZeroMQ's text form: 40 characters.
public struct BusKey: Sendable, Hashable {
    public let z85: String

    /// - Throws: `BusSetupError.malformedKey`
    public init(z85: String) throws {
        var decoded = [UInt8](repeating: 0, count: 32)
        guard z85.utf8.count == 40, zmq_z85_decode(&decoded, z85) != nil else { throw BusSetupError.malformedKey }
        self.z85 = z85
    }

    fileprivate init(terminated text: [CChar]) {
        z85 = String(decoding: text.prefix(40).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

public struct BusKeyPair: Sendable {
    public let publicKey: BusKey
    public let secretKey: BusKey

    public static func generate() -> BusKeyPair {
        var publicKey = [CChar](repeating: 0, count: 41)
        var secretKey = [CChar](repeating: 0, count: 41)
        let result = zmq_curve_keypair(&publicKey, &secretKey)
        precondition(result == 0, "libzmq was built without CURVE")
        return BusKeyPair(publicKey: BusKey(terminated: publicKey), secretKey: BusKey(terminated: secretKey))
    }

    /// - Throws: `BusSetupError.malformedKey`
    public init(secretKey: BusKey) throws {
        var publicKey = [CChar](repeating: 0, count: 41)
        guard zmq_curve_public(&publicKey, secretKey.z85) == 0 else { throw BusSetupError.malformedKey }
        self.init(publicKey: BusKey(terminated: publicKey), secretKey: secretKey)
    }

    private init(publicKey: BusKey, secretKey: BusKey) {
        self.publicKey = publicKey
        self.secretKey = secretKey
    }
}

/// Encryption and mutual authentication of `tcp` connections: who we are, and whom we talk to.
public struct BusSecurity: Sendable {
    public let keyPair: BusKeyPair
    /// Public keys by owner. A client accepts only the named owner's key; a server admits any of these.
    public let peers: [String: BusKey]

    public init(keyPair: BusKeyPair, peers: [String: BusKey]) {
        self.keyPair = keyPair
        self.peers = peers
    }
}
