import ServiceKit

/// Turns a name to another key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html)
struct UpdateAlias: AWSOperation {
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
        let current = try await store.key(input.name, in: call, allowingAliases: true)
        return [
            Permission(on: Alias.arn(input.name, in: call)),
            try await store.permission(on: current, in: call),
            try await store.permission(onKey: input.target, in: call),
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let target = try await store.key(input.target, in: call)
        try await store.write { transaction in
            guard var alias = try transaction.alias(input.name, of: call.account, in: call.region) else {
                throw ServiceError.aliasNotFound(Alias.arn(input.name, in: call).description)
            }
            let former = try transaction.key(alias.keyID)
            guard former.map({ $0.isAsymmetric == target.isAsymmetric && $0.usage == target.usage }) ?? true else {
                throw ServiceError.validation(
                    "The current and the new key of an alias must be of one type and have one key usage.")
            }
            guard target.id != alias.keyID else { return }
            alias.keyID = target.id
            alias.updated = call.now
            try transaction.checkTarget(of: alias)
            try transaction.update(alias)
        }
        return NoOutput()
    }
}
