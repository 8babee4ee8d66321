import ServiceKit

/// What GenerateDataKey and GenerateDataKeyWithoutPlaintext ask.
struct DataKeyInput: InputShape {
    let keyID: String
    let context: EncryptionContext
    let grantTokens: [String]?
    let isDryRun: Bool
    private let spec: String?
    private let byteCount: Int?

    init(_ member: Members) throws {
        keyID = try member("KeyId")
        context = EncryptionContext(try member("EncryptionContext"))
        grantTokens = try member("GrantTokens")
        isDryRun = try member("DryRun") ?? false
        spec = try member("KeySpec")
        byteCount = try member("NumberOfBytes")
    }

    /// - Throws: `ValidationException`
    func length() throws -> Int {
        switch (spec, byteCount) {
        case ("AES_256", nil): return 32
        case ("AES_128", nil): return 16
        case (nil, let count?): return count
        default: throw ServiceError.validation("Please specify either number of bytes or key spec.")
        }
    }
}

/// A key for the caller's own use.
struct DataKeyOutput: OutputShape {
    let message: SealedMessage
    /// `nil` where it is for later.
    let plaintext: [UInt8]?
    let key: Key

    func write(to json: inout JSONWriter) {
        json.member("CiphertextBlob", Blob(message.bytes))
        json.member("Plaintext", plaintext.map { Blob($0) })
        json.member("KeyId", key.arn)
        json.member("KeyMaterialId", message.materialID)
    }
}

/// An enclave that answers are to be enciphered for. Apus has none, and a plaintext must not go out in its place.
enum EnclaveRecipient {
    /// - Throws: `UnsupportedOperationException`
    static func refuse(_ member: Members) throws {
        if member.contains("Recipient") {
            throw ServiceError.unsupported("Answers for Nitro Enclaves are not implemented by Apus.")
        }
    }
}

extension KMSStore {
    /// - Parameter isTold: whether the plaintext is answered.
    func dataKey(_ input: DataKeyInput, isTold: Bool, in call: Call) async throws -> DataKeyOutput {
        try tokens.check(input.grantTokens)
        let length = try input.length()
        let key = try await key(input.keyID, in: call, allowingAliases: true)
        try key.requireSymmetric(for: call.operation)
        if input.isDryRun { throw ServiceError.dryRun }
        let plaintext = SecureRandom.bytes(length)
        let message = try await encipher(plaintext, under: key, context: input.context)
        return DataKeyOutput(message: message, plaintext: isTold ? plaintext : nil, key: key)
    }

    /// What it takes to encipher under the key a request names, which may be by an alias.
    func messagePermission(
        _ name: String, _ context: EncryptionContext, _ algorithm: String? = nil,
        conditions: [String: [String]] = [:], in call: Call
    ) async throws -> [Permission] {
        let key = try await key(name, in: call, allowingAliases: true)
        var conditions = conditions
        conditions["kms:EncryptionAlgorithm"] = [algorithm ?? EncryptionAlgorithm.symmetric.rawValue]
        if case .alias(let alias) = try KeyReference(name, in: call).target { conditions["kms:RequestAlias"] = [alias] }
        return [try await permission(on: key, in: call, context: context, conditions: conditions)]
    }
}
