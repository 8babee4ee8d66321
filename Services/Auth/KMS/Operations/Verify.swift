import ServiceKit

/// Verifies a signature of a message, or of the digest of one.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html)
struct Verify: AWSOperation {
    struct Input: InputShape {
        let message: SignedMessage
        let signature: Blob

        init(_ member: Members) throws {
            message = try SignedMessage(member)
            signature = try member("Signature")
        }
    }

    struct Output: OutputShape {
        let algorithm: SigningAlgorithm
        let key: Key

        func write(to json: inout JSONWriter) {
            json.member("KeyId", key.arn)
            json.member("SignatureValid", true)
            json.member("SigningAlgorithm", algorithm.rawValue)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [
            try await store.permission(
                onKey: input.message.keyID, in: call, allowingAliases: true, conditions: input.message.conditions)
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let message = input.message
        try store.tokens.check(message.grantTokens)
        let key = try await store.key(message.keyID, in: call, allowingAliases: true)
        let algorithm = try key.signingAlgorithm(named: message.algorithm, for: call.operation)
        let digest = try message.digest(for: algorithm)
        let signer = try AsymmetricKey(pkcs8: try await store.secret(of: key))
        guard try signer.isValid(input.signature.bytes, of: digest, algorithm.hash, algorithm.form) else {
            throw ServiceError.invalidSignature
        }
        if message.isDryRun { throw ServiceError.dryRun }
        return Output(algorithm: algorithm, key: key)
    }
}
