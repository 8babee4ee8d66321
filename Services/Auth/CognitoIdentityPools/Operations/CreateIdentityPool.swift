import ServiceKit

/// Creates a pool of identities.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CreateIdentityPool.html)
struct CreateIdentityPool: AWSOperation {
    struct Input: InputShape {
        let members: StoredMembers
        init(_ member: Members) throws { members = try StoredMembers(member, names: IdentityPool.memberNames) }
    }

    let store: IdentityPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> IdentityPool {
        let pool = IdentityPool(
            id: "\(call.region):\(Identifier.uuid())", region: call.region, account: call.account,
            members: input.members, roles: StoredMembers())
        try await store.write { try $0.put(pool) }
        return pool
    }
}
