import ServiceKit

/// Enciphers up to 4096 bytes under a key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html)
struct Encrypt: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let plaintext: Blob
        let context: EncryptionContext
        let algorithm: String?
        let grantTokens: [String]?
        let isDryRun: Bool

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            plaintext = try member("Plaintext")
            context = EncryptionContext(try member("EncryptionContext"))
            algorithm = try member("EncryptionAlgorithm")
            grantTokens = try member("GrantTokens")
            isDryRun = try member("DryRun") ?? false
        }
    }

    struct Output: OutputShape {
        let message: SealedMessage
        let key: Key
        let algorithm: EncryptionAlgorithm

        func write(to json: inout JSONWriter) {
            json.member("CiphertextBlob", Blob(message.bytes))
            json.member("KeyId", key.arn)
            json.member("EncryptionAlgorithm", algorithm.rawValue)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try await store.messagePermission(input.keyID, input.context, input.algorithm, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try store.tokens.check(input.grantTokens)
        let key = try await store.key(input.keyID, in: call, allowingAliases: true)
        let algorithm = try key.encryptionAlgorithm(named: input.algorithm, for: call.operation)
        if input.isDryRun { throw ServiceError.dryRun }
        let message = try await store.encipher(
            input.plaintext.bytes, under: key, by: algorithm, context: input.context)
        return Output(message: message, key: key, algorithm: algorithm)
    }
}
