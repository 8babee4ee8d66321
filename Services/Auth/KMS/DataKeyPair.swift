import ServiceKit

/// What GenerateDataKeyPair and GenerateDataKeyPairWithoutPlaintext ask.
struct DataKeyPairInput: InputShape {
    let keyID: String
    let spec: String
    let context: EncryptionContext
    let grantTokens: [String]?
    let isDryRun: Bool

    init(_ member: Members) throws {
        keyID = try member("KeyId")
        spec = try member("KeyPairSpec")
        context = EncryptionContext(try member("EncryptionContext"))
        grantTokens = try member("GrantTokens")
        isDryRun = try member("DryRun") ?? false
    }

    /// - Throws: `UnsupportedOperationException`
    func kind() throws -> AsymmetricKey.Kind {
        guard let kind = try KeySpec(named: spec).asymmetricKind else {
            throw ServiceError.unsupported("\(spec) is no key pair spec.")
        }
        return kind
    }
}

/// A key pair for the caller's own use.
struct DataKeyPairOutput: OutputShape {
    let message: SealedMessage
    /// `nil` where it is for later.
    let privateKey: [UInt8]?
    let publicKey: [UInt8]
    let spec: String
    let key: Key

    func write(to json: inout JSONWriter) {
        json.member("PrivateKeyCiphertextBlob", Blob(message.bytes))
        json.member("PrivateKeyPlaintext", privateKey.map { Blob($0) })
        json.member("PublicKey", Blob(publicKey))
        json.member("KeyPairSpec", spec)
        json.member("KeyId", key.arn)
        json.member("KeyMaterialId", message.materialID)
    }
}

extension KMSStore {
    /// - Parameter isTold: whether the private key is answered in the clear.
    func dataKeyPair(_ input: DataKeyPairInput, isTold: Bool, in call: Call) async throws -> DataKeyPairOutput {
        try tokens.check(input.grantTokens)
        let key = try await key(input.keyID, in: call, allowingAliases: true)
        try key.requireSymmetric(for: call.operation)
        let kind = try input.kind()
        if input.isDryRun { throw ServiceError.dryRun }
        let pair = try AsymmetricKey(generating: kind)
        let secret = try pair.pkcs8
        return DataKeyPairOutput(
            message: try await encipher(secret, under: key, context: input.context),
            privateKey: isTold ? secret : nil, publicKey: try pair.publicKey, spec: input.spec, key: key)
    }
}
