import ServiceKit

/// Answers the public half of an asymmetric key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html)
struct GetPublicKey: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let grantTokens: [String]?

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            grantTokens = try member("GrantTokens")
        }
    }

    struct Output: OutputShape {
        let key: Key
        let publicKey: [UInt8]

        func write(to json: inout JSONWriter) {
            json.member("KeyId", key.arn)
            json.member("PublicKey", Blob(publicKey))
            json.member("CustomerMasterKeySpec", key.spec.rawValue)
            json.member("KeySpec", key.spec.rawValue)
            json.member("KeyUsage", key.usage.rawValue)
            if key.usage == .encryptDecrypt {
                json.member("EncryptionAlgorithms", key.spec.encryptionAlgorithms.map(\.rawValue))
            } else {
                json.member("SigningAlgorithms", key.spec.signingAlgorithms.map(\.rawValue))
            }
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call, allowingAliases: true)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try store.tokens.check(input.grantTokens)
        let key = try await store.key(input.keyID, in: call, allowingAliases: true)
        try key.requireUsable()
        guard key.isAsymmetric else {
            throw ServiceError.unsupported("\(key.arn) has no public key.")
        }
        return Output(key: key, publicKey: try AsymmetricKey(pkcs8: try await store.secret(of: key)).publicKey)
    }
}
