import ServiceKit

/// Signs a message, or the digest of one, with a private key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html)
struct Sign: AWSOperation {
    struct Input: InputShape {
        let message: SignedMessage
        init(_ member: Members) throws { message = try SignedMessage(member) }
    }

    struct Output: OutputShape {
        let signature: [UInt8]
        let algorithm: SigningAlgorithm
        let key: Key

        func write(to json: inout JSONWriter) {
            json.member("KeyId", key.arn)
            json.member("Signature", Blob(signature))
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
        if message.isDryRun { throw ServiceError.dryRun }
        let signer = try AsymmetricKey(pkcs8: try await store.secret(of: key))
        let signature = try signer.sign(digest, algorithm.hash, algorithm.form)
        return Output(signature: signature, algorithm: algorithm, key: key)
    }
}
