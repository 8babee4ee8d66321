import ServiceKit

/// Makes an access key for a user; its secret is told this once.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html)
struct CreateAccessKey: AWSOperation {
    struct Input: InputShape {
        let user: String?
        init(_ member: Members) throws { user = try member("UserName") }
    }

    struct Output: OutputShape {
        let key: AccessKey
        let secret: String

        func write(to json: inout JSONWriter) {
            json.member("AccessKey") { json in
                json.object { json in
                    json.member("UserName", key.user ?? "root")
                    json.member("AccessKeyId", key.id)
                    json.member("Status", key.status.rawValue)
                    json.member("SecretAccessKey", secret)
                    json.member("CreateDate", key.created)
                }
            }
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.keyHolderPermission(input.user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let name = try UserName.resolveKeyHolder(input.user, in: call)
        let id = Identifier.unique(prefix: "AKIA")
        let secret = SecureRandom.string(40, of: .base64)
        let sealed = try store.masterKey.seal(Array(secret.utf8), for: AccessKey.context(id))
        let key = try await store.changeCredentials(id) { transaction in
            let user = try name.map { try transaction.requireIdentity(.user, $0, of: call.account).name }
            guard try transaction.accessKeys(of: user, in: call.account).count < AccessKey.limit else {
                throw ServiceError.quota("AccessKeysPerUser", AccessKey.limit)
            }
            let key = AccessKey(
                id: id, account: call.account, user: user, sealedSecret: sealed, status: .active,
                created: Timestamp(seconds: call.now.seconds))
            try transaction.insert(key)
            return key
        }
        return Output(key: key, secret: secret)
    }
}
