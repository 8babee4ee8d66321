import ServiceKit

/// Deciphers what a key enciphered.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html)
struct Decrypt: AWSOperation {
    struct Input: InputShape {
        let ciphertext: Blob
        let keyID: String?
        let context: EncryptionContext
        let algorithm: String?
        let grantTokens: [String]?
        let isDryRun: Bool

        init(_ member: Members) throws {
            ciphertext = try member("CiphertextBlob") ?? Blob([])
            keyID = try member("KeyId")
            context = EncryptionContext(try member("EncryptionContext"))
            algorithm = try member("EncryptionAlgorithm")
            grantTokens = try member("GrantTokens")
            isDryRun = try member("DryRun") ?? false
            try EnclaveRecipient.refuse(member)
        }
    }

    struct Output: OutputShape {
        let plaintext: [UInt8]
        let key: Key
        let algorithm: EncryptionAlgorithm
        let materialID: String?

        func write(to json: inout JSONWriter) {
            json.member("KeyId", key.arn)
            json.member("Plaintext", Blob(plaintext))
            json.member("EncryptionAlgorithm", algorithm.rawValue)
            json.member("KeyMaterialId", materialID)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let key = try await key(of: input, in: call)
        let algorithm = input.algorithm ?? EncryptionAlgorithm.symmetric.rawValue
        let conditions = ["kms:EncryptionAlgorithm": [algorithm]]
        return [try await store.permission(on: key, in: call, context: input.context, conditions: conditions)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try store.tokens.check(input.grantTokens)
        let key = try await key(of: input, in: call)
        let algorithm = try key.encryptionAlgorithm(named: input.algorithm, for: call.operation)
        let (plaintext, material) = try await store.decipher(
            input.ciphertext.bytes, under: key, by: algorithm, context: input.context)
        if input.isDryRun { throw ServiceError.dryRun }
        return Output(plaintext: plaintext, key: key, algorithm: algorithm, materialID: material)
    }

    private func key(of input: Input, in call: Call) async throws -> Key {
        try await store.key(ofCiphertext: input.ciphertext.bytes, named: input.keyID, in: call)
    }
}
