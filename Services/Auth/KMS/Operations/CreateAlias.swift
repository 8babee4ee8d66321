import ServiceKit

/// Gives a key a name.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html)
struct CreateAlias: AWSOperation {
    struct Input: InputShape {
        let name: String
        let target: String

        init(_ member: Members) throws {
            name = try member("AliasName")
            target = try member("TargetKeyId")
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try Alias.check(input.name)
        return [
            Permission(on: Alias.arn(input.name, in: call)),
            try await store.permission(onKey: input.target, in: call),
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let key = try await store.key(input.target, in: call)
        let alias = Alias(
            account: call.account, region: call.region, name: input.name, keyID: key.id, created: call.now,
            updated: call.now)
        try await store.write { transaction in
            try transaction.checkTarget(of: alias)
            guard try transaction.alias(alias.name, of: alias.account, in: alias.region) == nil else {
                throw ServiceError.aliasExists(alias.arn.description)
            }
            try transaction.insert(alias)
        }
        return NoOutput()
    }
}

extension Transaction {
    /// - Throws: `NotFoundException`, `KMSInvalidStateException`, `LimitExceededException`
    @discardableResult
    func checkTarget(of alias: Alias) throws -> Key {
        guard let key = try key(alias.keyID), key.account == alias.account else {
            let arn = ARN("kms", region: alias.region, account: alias.account, "key/\(alias.keyID)")
            throw ServiceError.keyNotFound(arn.description)
        }
        try key.requireNotPendingDeletion()
        guard try aliases(of: key).count < Alias.limitPerKey else {
            throw ServiceError.limitExceeded("The key \(key.arn) has \(Alias.limitPerKey) aliases already.")
        }
        return key
    }
}
