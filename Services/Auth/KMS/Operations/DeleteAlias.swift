import ServiceKit

/// Takes a name away; the key stays.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteAlias.html)
struct DeleteAlias: AWSOperation {
    struct Input: InputShape {
        let name: String
        init(_ member: Members) throws { name = try member("AliasName") }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try Alias.check(input.name)
        let key = try await store.key(input.name, in: call, allowingAliases: true)
        return [Permission(on: Alias.arn(input.name, in: call)), try await store.permission(on: key, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write { transaction in
            guard let alias = try transaction.alias(input.name, of: call.account, in: call.region) else {
                throw ServiceError.aliasNotFound(Alias.arn(input.name, in: call).description)
            }
            try transaction.delete(alias)
        }
        return NoOutput()
    }
}
