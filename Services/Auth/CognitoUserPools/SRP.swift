import ServiceKit

/// What the server keeps of a password: enough to check it, by SRP or in clear, and not to know it.
struct SRPVerifier: Sendable, Equatable {
    /// Hexadecimal, as it goes to the client.
    let salt: String
    let verifier: BigNumber

    init(salt: String, verifier: BigNumber) {
        self.salt = salt
        self.verifier = verifier
    }

    init(password: String, username: String, poolName: String) {
        var salt = SecureRandom.bytes(16)
        // Clients differ in how they treat leading zeros and a first bit that is set: a salt has neither.
        salt[0] = salt[0] & 0x3f | 0x40
        self.init(password: password, username: username, poolName: poolName, salt: Hex.string(salt))
    }

    private init(password: String, username: String, poolName: String, salt: String) {
        self.salt = salt
        let identity = SHA256.hash(Array("\(poolName)\(username):\(password)".utf8))
        let padded = SRP.padded(BigNumber(hex: salt) ?? BigNumber(0))
        let exponent = BigNumber(bytes: SHA256.hash(padded + identity))
        verifier = SRP.generator.power(exponent, modulo: SRP.prime)
    }

    func matches(_ password: String, username: String, poolName: String) -> Bool {
        let other = SRPVerifier(password: password, username: username, poolName: poolName, salt: salt)
        return ConstantTime.equal(other.verifier.bytes(paddedTo: 384), verifier.bytes(paddedTo: 384))
    }
}

/// The server's side of Secure Remote Password 6a as Cognito speaks it: the 3072-bit group of RFC 5054 with
/// generator 2 and SHA-256; integers are hashed with a leading zero byte where their first bit is set; the session key
/// is 16 bytes of HKDF with the information "Caldera Derived Key".
///
/// As amazon-cognito-identity-js and pycognito do it.
enum SRP {
    static let generator = BigNumber(2)
    static let prime =
        BigNumber(
            hex: """
                FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
                EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
                EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
                83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
                E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
                15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
                ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
                BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF
                """) ?? BigNumber(0)
    private static let multiplier = BigNumber(bytes: SHA256.hash(padded(prime) + padded(generator)))

    /// The server's secret and public number for one sign-in.
    static func challenge(for verifier: SRPVerifier) -> (secret: BigNumber, publicNumber: BigNumber) {
        let secret = BigNumber.random(below: prime)
        let masked = multiplier.multiplied(by: verifier.verifier, modulo: prime)
        return (secret, masked.adding(generator.power(secret, modulo: prime), modulo: prime))
    }

    /// The key both sides know if the password was right; `nil` for a client number that would give it away.
    static func sessionKey(
        verifier: SRPVerifier, secret: BigNumber, publicNumber: BigNumber, clientNumber: BigNumber
    ) -> [UInt8]? {
        guard !(clientNumber % prime).isZero else { return nil }
        let scrambler = BigNumber(bytes: SHA256.hash(padded(clientNumber) + padded(publicNumber)))
        guard !scrambler.isZero else { return nil }
        let base = clientNumber.multiplied(by: verifier.verifier.power(scrambler, modulo: prime), modulo: prime)
        let shared = base.power(secret, modulo: prime)
        let extracted = HMAC.sha256(key: padded(scrambler), padded(shared))
        return Array(HMAC.sha256(key: extracted, Array("Caldera Derived Key".utf8) + [1]).prefix(16))
    }

    /// What the client proves the key with.
    static func signature(
        key: [UInt8], poolName: String, username: String, secretBlock: [UInt8], timestamp: String
    ) -> [UInt8] {
        HMAC.sha256(key: key, Array(poolName.utf8) + Array(username.utf8) + secretBlock + Array(timestamp.utf8))
    }

    /// Big-endian bytes with a zero before them where the first bit is set.
    static func padded(_ number: BigNumber) -> [UInt8] {
        let bytes = number.bytes
        guard let first = bytes.first else { return [0] }
        return first & 0x80 != 0 ? [0] + bytes : bytes
    }
}
