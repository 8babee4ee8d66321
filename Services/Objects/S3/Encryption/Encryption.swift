import ServiceKit

/// How an object's bytes are enciphered at rest: AES-256 in counter mode under a key of the object's own, which stands
/// in the row, sealed under the store's key or under the customer's (decision 0060).
struct Encryption: Sendable, Equatable {
    enum Method: Sendable, Equatable {
        /// SSE-S3: sealed under the store's key.
        case store
        /// SSE-C: sealed under the key the customer sends with every request; its MD5, base64, is all that is kept.
        case customer(keyMD5: String)
    }

    let method: Method
    /// The object's key, sealed: whoever holds the wrong key learns that it is wrong.
    let sealedKey: [UInt8]

    /// The form of `encryption` columns: `AES256 sealed-key` or `SSE-C sealed-key key-md5`.
    var encoded: String {
        switch method {
        case .store: "AES256 \(Base64.string(sealedKey))"
        case .customer(let md5): "SSE-C \(Base64.string(sealedKey)) \(md5)"
        }
    }

    init(_ method: Method, sealedKey: [UInt8]) {
        self.method = method
        self.sealedKey = sealedKey
    }

    /// - Throws: `StorageError.corrupt`
    init?(encoded text: String?) throws {
        guard let text else { return nil }
        let fields = text.encodedFields
        guard fields.count >= 2, let key = Base64.decode(fields[1].utf8) else {
            throw StorageError.corrupt(message: "encryption: \(fields.first ?? "")")
        }
        switch (fields[0], fields.count) {
        case ("AES256", 2): self.init(.store, sealedKey: key)
        case ("SSE-C", 3): self.init(.customer(keyMD5: String(fields[2])), sealedKey: key)
        default: throw StorageError.corrupt(message: "encryption: \(fields[0])")
        }
    }

    /// The MD5 of the bytes; under a customer's key it would tell of them, so a keyed digest stands in its place.
    func entityTag(_ md5: [UInt8], _ key: DataKey) -> String {
        if method == .store { return Hex.string(md5) }
        return Hex.string(HMAC.sha256(key: key.bytes, md5).prefix(MD5.byteCount))
    }

    /// What answers say of it.
    func write(to json: inout JSONWriter) {
        switch method {
        case .store: json.member("ServerSideEncryption", CustomerKey.algorithm)
        case .customer(let md5):
            json.member("SSECustomerAlgorithm", CustomerKey.algorithm)
            json.member("SSECustomerKeyMD5", md5)
        }
    }
}

/// Makes and opens objects' keys.
struct ObjectKeys: Sendable {
    private static let context = Array("apus object key".utf8)
    private let storeKey: [UInt8]

    init(_ masterKey: MasterKey) { storeKey = masterKey.derived("s3 objects") }

    /// A new key for an object, and what to record of it.
    func make(for customer: CustomerKey?) throws -> (key: DataKey, encryption: Encryption) {
        let key = DataKey(bytes: SecureRandom.bytes(AESCTR.keyByteCount))
        return (key, try seal(key, for: customer))
    }

    func seal(_ key: DataKey, for customer: CustomerKey?) throws -> Encryption {
        let sealed = try AESGCM.seal(key.bytes, key: customer?.bytes ?? storeKey, context: Self.context)
        return Encryption(customer.map { .customer(keyMD5: $0.md5) } ?? .store, sealedKey: sealed)
    }

    /// The key of an object's bytes; `nil` for one stored before objects were enciphered.
    ///
    /// - Throws: `InvalidRequest` where the customer's key is missing, out of place or another one.
    func open(_ encryption: Encryption?, with customer: CustomerKey?) throws -> DataKey? {
        switch (encryption?.method, customer) {
        case (.customer, nil): throw ServiceError.customerKeyRequired
        case (nil, .some), (.store, .some): throw ServiceError.customerKeyNotApplicable
        case (nil, nil): return nil
        case (.store, nil): break
        case (.customer(let md5), let customer?): guard md5 == customer.md5 else { throw ServiceError.wrongCustomerKey }
        }
        guard let encryption else { return nil }
        do {
            let key = customer?.bytes ?? storeKey
            return DataKey(bytes: try AESGCM.open(encryption.sealedKey, key: key, context: Self.context))
        } catch CryptoError.authenticationFailed where customer != nil {
            throw ServiceError.wrongCustomerKey
        }
    }
}

/// The key of one object's bytes.
struct DataKey: Sendable {
    let bytes: [UInt8]

    /// Enciphers the bytes of a small object, a nonce before them.
    func sealInline(_ bytes: [UInt8]) throws -> [UInt8] {
        let nonce = SecureRandom.bytes(AESCTR.nonceByteCount)
        return nonce + (try AESCTR(key: self.bytes, nonce: nonce).apply(to: bytes))
    }

    func openInline(_ stored: [UInt8]) throws -> [UInt8] {
        let nonce = Array(stored.prefix(AESCTR.nonceByteCount))
        return try AESCTR(key: bytes, nonce: nonce).apply(to: Array(stored.dropFirst(nonce.count)))
    }
}
