import ServiceKit

/// Deciphers under one key and enciphers under another; the plaintext leaves KMS never.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html)
struct ReEncrypt: AWSOperation {
    struct Input: InputShape {
        let ciphertext: Blob
        let sourceKeyID: String?
        let sourceContext: EncryptionContext
        let sourceAlgorithm: String?
        let targetKeyID: String
        let targetContext: EncryptionContext
        let targetAlgorithm: String?
        let grantTokens: [String]?
        let isDryRun: Bool

        init(_ member: Members) throws {
            ciphertext = try member("CiphertextBlob") ?? Blob([])
            sourceKeyID = try member("SourceKeyId")
            sourceContext = EncryptionContext(try member("SourceEncryptionContext"))
            sourceAlgorithm = try member("SourceEncryptionAlgorithm")
            targetKeyID = try member("DestinationKeyId")
            targetContext = EncryptionContext(try member("DestinationEncryptionContext"))
            targetAlgorithm = try member("DestinationEncryptionAlgorithm")
            grantTokens = try member("GrantTokens")
            isDryRun = try member("DryRun") ?? false
        }
    }

    struct Output: OutputShape {
        let message: SealedMessage
        let source: Key
        let target: Key
        let algorithms: (source: EncryptionAlgorithm, target: EncryptionAlgorithm)
        let sourceMaterialID: String?

        func write(to json: inout JSONWriter) {
            json.member("CiphertextBlob", Blob(message.bytes))
            json.member("SourceKeyId", source.arn)
            json.member("KeyId", target.arn)
            json.member("SourceEncryptionAlgorithm", algorithms.source.rawValue)
            json.member("DestinationEncryptionAlgorithm", algorithms.target.rawValue)
            json.member("SourceKeyMaterialId", sourceMaterialID)
            json.member("DestinationKeyMaterialId", message.materialID)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let (source, target) = try await keys(of: input, in: call)
        let conditions = ["kms:ReEncryptOnSameKey": ["\(source.id == target.id)"]]
        return [
            try await store.permission(
                "ReEncryptFrom", on: source, in: call, context: input.sourceContext, conditions: conditions),
            try await store.permission(
                "ReEncryptTo", on: target, in: call, context: input.targetContext, conditions: conditions),
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try store.tokens.check(input.grantTokens)
        let (source, target) = try await keys(of: input, in: call)
        let algorithms = (
            source: try source.encryptionAlgorithm(named: input.sourceAlgorithm, for: call.operation),
            target: try target.encryptionAlgorithm(named: input.targetAlgorithm, for: call.operation)
        )
        let (plaintext, material) = try await store.decipher(
            input.ciphertext.bytes, under: source, by: algorithms.source, context: input.sourceContext)
        if input.isDryRun { throw ServiceError.dryRun }
        let message = try await store.encipher(
            plaintext, under: target, by: algorithms.target, context: input.targetContext)
        return Output(
            message: message, source: source, target: target, algorithms: algorithms, sourceMaterialID: material)
    }

    private func keys(of input: Input, in call: Call) async throws -> (source: Key, target: Key) {
        (
            try await store.key(ofCiphertext: input.ciphertext.bytes, named: input.sourceKeyID, in: call),
            try await store.key(input.targetKeyID, in: call, allowingAliases: true)
        )
    }
}
