import ServiceKit

/// How an object's bytes are enciphered at rest: AES-256 in counter mode under a key of the object's own, which stands
/// in the row, sealed under the store's key or under the customer's (decision 0060).
struct Encryption: Sendable, Equatable {
    enum Method: Sendable, Equatable {
        /// SSE-S3: sealed under the store's key.
        case store
        /// SSE-C: sealed under the key the customer sends with every request; its MD5, base64, is all that is kept.
        case customer(keyMD5: String)
        /// SSE-KMS: sealed by KMS under a key that never leaves it.
        case managed(ManagedKey)
    }

    let method: Method
    /// The object's key, sealed: whoever holds the wrong key learns that it is wrong.
    let sealedKey: [UInt8]

    /// The form of `encryption` columns: `AES256 sealed-key`, `SSE-C sealed-key key-md5`,
    /// `KMS sealed-key key-arn bucket-key context`, or `DSSE sealed-key key-arn second-key context`, where the last may be
    /// missing.
    var encoded: String {
        switch method {
        case .store: "AES256 \(Base64.string(sealedKey))"
        case .customer(let md5): "SSE-C \(Base64.string(sealedKey)) \(md5)"
        case .managed(let key):
            (key.secondLayer.map { "DSSE \(Base64.string(sealedKey)) \(key.arn) \(Base64.string($0))" }
                ?? "KMS \(Base64.string(sealedKey)) \(key.arn) \(key.usesBucketKey ? 1 : 0)")
                + (key.context.map { " \($0.header)" } ?? "")
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
        case ("KMS", 4...5), ("DSSE", 4...5):
            let context = try fields.dropFirst(4).first.map { try KeyContext(header: String($0)) }
            let second = fields[0] == "DSSE" ? Base64.decode(fields[3].utf8) : nil
            let managed = ManagedKey(
                arn: String(fields[2]), context: context, usesBucketKey: fields[3] == "1", secondLayer: second)
            self.init(.managed(managed), sealedKey: key)
        default: throw StorageError.corrupt(message: "encryption: \(fields[0])")
        }
    }

    /// The MD5 of the bytes; under a key that others hold it would tell of them, so a keyed digest stands in its place.
    func entityTag(_ md5: [UInt8], _ key: DataKey) -> String {
        if method == .store { return Hex.string(md5) }
        return Hex.string(HMAC.sha256(key: key.bytes, md5).prefix(MD5.byteCount))
    }

    /// What answers say of it.
    ///
    /// - Parameter tellsContext: whether the answer has a member for KMS's context.
    func write(to json: inout JSONWriter, tellsContext: Bool = false) {
        switch method {
        case .store: json.member("ServerSideEncryption", CustomerKey.algorithm)
        case .customer(let md5):
            json.member("SSECustomerAlgorithm", CustomerKey.algorithm)
            json.member("SSECustomerKeyMD5", md5)
        case .managed(let key):
            json.member("ServerSideEncryption", key.method.rawValue)
            json.member("SSEKMSKeyId", key.arn)
            if tellsContext { json.member("SSEKMSEncryptionContext", key.context?.header) }
            if key.usesBucketKey { json.member("BucketKeyEnabled", true) }
        }
    }
}

/// Makes and opens objects' keys.
struct ObjectKeys: Sendable {
    private static let context = Array("apus object key".utf8)
    private let storeKey: [UInt8]
    let service: KeyService

    init(_ masterKey: MasterKey, _ service: KeyService) {
        storeKey = masterKey.derived("s3 objects")
        self.service = service
    }

    /// A new key for an object, and what to record of it.
    func make(
        for choice: EncryptionChoice, _ request: @autoclosure () -> KeyRequest
    ) async throws -> (key: DataKey, encryption: Encryption) {
        if case .managed(let wish) = choice {
            return try addSecondLayer(wish, to: try await service.make(wish, request()))
        }
        guard case .customer(let customer) = choice else { return try makeHere() }
        let key = DataKey.random()
        let sealed = try AESGCM.seal(key.bytes, key: customer.bytes, context: Self.context)
        return (key, Encryption(.customer(keyMD5: customer.md5), sealedKey: sealed))
    }

    /// The key of the second layer is this store's own: who holds one of the two reads nothing.
    private func addSecondLayer(
        _ wish: ManagedKeyWish, to made: (key: DataKey, managed: ManagedKey, sealed: [UInt8])
    ) throws -> (key: DataKey, encryption: Encryption) {
        var (key, managed) = (made.key, made.managed)
        if wish.hasTwoLayers {
            let second = DataKey.random().bytes
            key.second = second
            managed.secondLayer = try AESGCM.seal(second, key: storeKey, context: Self.context)
        }
        return (key, Encryption(.managed(managed), sealedKey: made.sealed))
    }

    /// The same key, sealed by KMS from now on.
    func reseal(_ key: DataKey, _ wish: ManagedKeyWish, _ request: KeyRequest) async throws -> Encryption {
        let (managed, sealed) = try await service.seal(key, wish, request)
        return Encryption(.managed(managed), sealedKey: sealed)
    }

    /// A new key under the store's.
    func makeHere() throws -> (key: DataKey, encryption: Encryption) {
        let key = DataKey.random()
        return (key, try seal(key))
    }

    /// Seals a key under the store's.
    func seal(_ key: DataKey) throws -> Encryption {
        Encryption(.store, sealedKey: try AESGCM.seal(key.bytes, key: storeKey, context: Self.context))
    }

    /// The key of what is made of an object's bytes: whoever may read those may read it. The store's own for an object
    /// that was stored before objects were enciphered.
    func keyOfDerived(from key: DataKey?) -> [UInt8] {
        HMAC.sha256(key: key.map { $0.bytes + ($0.second ?? []) } ?? storeKey, "apus derived image")
    }

    /// Whether a request brings the customer's key that an object needs, and none that it does not.
    ///
    /// - Throws: `InvalidRequest`
    func check(_ encryption: Encryption?, with customer: CustomerKey?) throws {
        if case .managed = encryption?.method {
            guard customer == nil else { throw ServiceError.customerKeyNotApplicable }
            return
        }
        _ = try openHere(encryption, with: customer)
    }

    /// The key of an object's bytes; `nil` for one stored before objects were enciphered.
    ///
    /// - Throws: `InvalidRequest` where the customer's key is missing, out of place or another one; what KMS answers.
    func open(
        _ encryption: Encryption?, with customer: CustomerKey?, _ request: @autoclosure () -> KeyRequest
    ) async throws -> DataKey? {
        guard let encryption, case .managed(let managed) = encryption.method else {
            return try openHere(encryption, with: customer)
        }
        guard customer == nil else { throw ServiceError.customerKeyNotApplicable }
        var key = try await service.open(encryption.sealedKey, under: managed, request())
        key.second = try managed.secondLayer.map { try AESGCM.open($0, key: storeKey, context: Self.context) }
        return key
    }

    /// A key that no other service seals.
    func openHere(_ encryption: Encryption?, with customer: CustomerKey?) throws -> DataKey? {
        switch (encryption?.method, customer) {
        case (.customer, nil): throw ServiceError.customerKeyRequired
        case (nil, .some), (.store, .some), (.managed, _): throw ServiceError.customerKeyNotApplicable
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
