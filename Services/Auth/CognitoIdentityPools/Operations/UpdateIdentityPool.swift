import ServiceKit

/// Replaces a pool's configuration; its roles stay.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UpdateIdentityPool.html)
struct UpdateIdentityPool: AWSOperation {
    struct Input: InputShape {
        let identityPoolId: String
        let members: StoredMembers

        init(_ member: Members) throws {
            identityPoolId = try member("IdentityPoolId")
            members = try StoredMembers(member, names: IdentityPool.memberNames)
        }
    }

    let store: IdentityPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: IdentityPool.arn(input.identityPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> IdentityPool {
        try await store.write { transaction in
            var pool = try transaction.identityPool(input.identityPoolId, in: call)
            pool.members = input.members
            try transaction.put(pool)
            return pool
        }
    }
}
