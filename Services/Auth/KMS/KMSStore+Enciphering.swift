import ServiceKit

/// A key's use on messages: the operations check permissions and states, and this does the work.
extension KMSStore {
    /// A ciphertext, and the material it was made under.
    func encipher(
        _ plaintext: [UInt8], under key: Key, by algorithm: EncryptionAlgorithm = .symmetric,
        context: EncryptionContext
    ) async throws -> SealedMessage {
        guard let material = try await read({ try $0.material(of: key) }) else { throw ServiceError.internalFailure }
        let secret = try material.open(for: key, masterKey)
        if let hash = algorithm.hash {
            let limit = try AsymmetricKey(pkcs8: secret).longestMessage(hash)
            guard plaintext.count <= limit else {
                throw ServiceError.validation("Plaintext is longer than \(limit) bytes, the most \(key.arn) enciphers.")
            }
            return SealedMessage(bytes: try AsymmetricKey(pkcs8: secret).encipher(plaintext, hash), materialID: nil)
        }
        let ciphertext = try Ciphertext(
            sealing: plaintext, under: key, version: material.version, material: secret, context: context)
        return SealedMessage(bytes: ciphertext.bytes, materialID: material.id)
    }

    /// - Throws: `InvalidCiphertextException`
    func decipher(
        _ bytes: [UInt8], under key: Key, by algorithm: EncryptionAlgorithm, context: EncryptionContext
    ) async throws -> (plaintext: [UInt8], materialID: String?) {
        if let hash = algorithm.hash {
            guard let plaintext = try? AsymmetricKey(pkcs8: try await secret(of: key)).decipher(bytes, hash) else {
                throw ServiceError.invalidCiphertext
            }
            return (plaintext, nil)
        }
        let ciphertext = try Ciphertext(bytes)
        guard let material = try await read({ try $0.material(of: key, version: ciphertext.version) }) else {
            throw ServiceError.invalidCiphertext
        }
        let plaintext = try ciphertext.open(material: try material.open(for: key, masterKey), context: context)
        return (plaintext, material.id)
    }

    /// The key that a ciphertext was made under, which must be the one the request names, if it names one.
    ///
    /// - Throws: `AccessDeniedException` where there is none; `IncorrectKeyException`
    func key(ofCiphertext bytes: [UInt8], named name: String?, in call: Call) async throws -> Key {
        guard let name else {
            let id = try Ciphertext(bytes).keyID
            guard let key = try await read({ try $0.key(id) }), key.region == call.region else {
                throw ServiceError.unknownCiphertextKey
            }
            return key
        }
        let named = try await key(name, in: call, allowingAliases: true)
        // What an RSA key enciphered names no key.
        if !named.isAsymmetric {
            guard try Ciphertext(bytes).keyID == named.id else { throw ServiceError.incorrectKey }
        }
        return named
    }

    /// The opened material that a key has now.
    func secret(of key: Key) async throws -> [UInt8] {
        guard let material = try await read({ try $0.material(of: key) }) else { throw ServiceError.internalFailure }
        return try material.open(for: key, masterKey)
    }
}

/// A ciphertext, of whatever form.
struct SealedMessage: Sendable {
    let bytes: [UInt8]
    /// `nil` for keys that have one material for ever.
    let materialID: String?
}
