import ServiceKit

/// What KMS enciphered: names the key and the material, so that nobody has to be told when it is deciphered.
///
///     1 byte     format, 1
///     16 bytes   the key's identifier
///     4 bytes    version of its material, most significant byte first
///     16 bytes   salt
///     …          AES-256-GCM: nonce, ciphertext, tag
///
/// The message's own key is derived from the material and the salt: not the nonce alone keeps two messages apart, and
/// a material may encipher any number of them. All before the sealed bytes is bound to them, as is the encryption
/// context.
struct Ciphertext: Sendable, Equatable {
    private static let format: UInt8 = 1
    private static let saltByteCount = 16
    private static let headerByteCount = 1 + 16 + 4 + saltByteCount
    private static let purpose = Array("apus kms message ".utf8)

    let keyID: String
    let version: Int
    private let header: [UInt8]
    private let sealed: [UInt8]

    /// Reads what came from outside: anything may be in it.
    ///
    /// - Throws: `InvalidCiphertextException`
    init(_ bytes: [UInt8]) throws {
        guard bytes.count > Self.headerByteCount, bytes[0] == Self.format else { throw ServiceError.invalidCiphertext }
        header = Array(bytes.prefix(Self.headerByteCount))
        sealed = Array(bytes.dropFirst(Self.headerByteCount))
        keyID = Identifier.uuid(of: Array(header[1..<17]))
        version = header[17..<21].reduce(0) { $0 << 8 | Int($1) }
    }

    /// - Parameter material: of the key, opened.
    init(
        sealing plaintext: [UInt8], under key: Key, version: Int, material: [UInt8], context: EncryptionContext
    ) throws {
        guard let id = Hex.decode(key.id.utf8.filter { $0 != UInt8(ascii: "-") }) else {
            throw ServiceError.internalFailure
        }
        var header = [Self.format] + id
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: version).bigEndian) { header += $0 }
        header += SecureRandom.bytes(Self.saltByteCount)
        self.header = header
        self.version = version
        keyID = key.id
        sealed = try AESGCM.seal(
            plaintext, key: Self.messageKey(material, header), context: header + context.authenticated)
    }

    var bytes: [UInt8] { header + sealed }

    /// - Throws: `InvalidCiphertextException` for other material, another context, or altered bytes.
    func open(material: [UInt8], context: EncryptionContext) throws -> [UInt8] {
        do {
            return try AESGCM.open(
                sealed, key: Self.messageKey(material, header), context: header + context.authenticated)
        } catch is CryptoError {
            throw ServiceError.invalidCiphertext
        }
    }

    private static func messageKey(_ material: [UInt8], _ header: [UInt8]) -> [UInt8] {
        HMAC.sha256(key: material, purpose + header.suffix(saltByteCount))
    }
}
