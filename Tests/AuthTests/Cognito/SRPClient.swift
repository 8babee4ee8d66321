import Crypto
import ServiceKit
import Testing

/// The client's side of Cognito's SRP, written as pycognito computes it: in hexadecimal text, padded by hand.
struct SRPClient {
    private static let primeHex = """
        FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
        EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
        EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
        83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
        E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
        15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
        ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
        BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF
        """
    private let poolName: String
    private let prime: BigNumber
    private let secret: BigNumber
    let publicHex: String

    init(pool: String) throws {
        poolName = String(pool.split(separator: "_")[1])
        prime = try #require(BigNumber(hex: Self.primeHex))
        secret = BigNumber(bytes: SecureRandom.bytes(128))
        publicHex = BigNumber(2).power(secret, modulo: prime).hex
    }

    /// The answer to PASSWORD_VERIFIER.
    func responses(to challenge: JSONValue, password: String) throws -> [String: String] {
        let user = try #require(challenge["USER_ID_FOR_SRP"]?.string)
        let block = try #require(challenge["SECRET_BLOCK"]?.string)
        let key = try key(
            user: user, password: password, salt: try #require(challenge["SALT"]?.string),
            serverHex: try #require(challenge["SRP_B"]?.string))
        let timestamp = "Sat Nov 21 10:00:00 UTC 2026"
        let claimed =
            Array("\(poolName)\(user)".utf8) + (try #require(Base64.decode(Array(block.utf8))))
            + Array(timestamp.utf8)
        return [
            "USERNAME": user, "PASSWORD_CLAIM_SECRET_BLOCK": block, "TIMESTAMP": timestamp,
            "PASSWORD_CLAIM_SIGNATURE": Base64.string(HMAC.sha256(key: key, claimed)),
        ]
    }

    private func key(user: String, password: String, salt: String, serverHex: String) throws -> [UInt8] {
        let multiplier = try number(hashHex("00\(Self.primeHex)02"))
        let scrambler = try number(hashHex(padHex(publicHex) + padHex(serverHex)))
        let identity = Hex.string(SHA256.hash("\(poolName)\(user):\(password)"))
        let x = try number(hashHex(padHex(salt) + identity))
        let masked = multiplier.multiplied(by: BigNumber(2).power(x, modulo: prime), modulo: prime)
        let base = try number(serverHex).subtracting(masked, modulo: prime)
        let shared = base.power(secret + scrambler * x, modulo: prime)
        let extracted = HMAC.sha256(key: try bytes(padHex(scrambler.hex)), try bytes(padHex(shared.hex)))
        return Array(HMAC.sha256(key: extracted, Array("Caldera Derived Key\u{1}".utf8)).prefix(16))
    }

    private func padHex(_ hex: String) -> String {
        if hex.count % 2 == 1 { return "0\(hex)" }
        return "89abcdefABCDEF".contains(hex.first ?? "0") ? "00\(hex)" : hex
    }

    private func hashHex(_ hex: String) throws -> String { Hex.string(SHA256.hash(try bytes(hex))) }
    private func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(Array(hex.utf8))) }
    private func number(_ hex: String) throws -> BigNumber { try #require(BigNumber(hex: hex)) }
}
