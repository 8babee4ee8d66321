import ServiceKit

/// Says which roles a pool's identities get.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html)
struct SetIdentityPoolRoles: AWSOperation {
    struct Input: InputShape {
        let identityPoolId: String
        let roles: StoredMembers

        init(_ member: Members) throws {
            identityPoolId = try member("IdentityPoolId")
            roles = try StoredMembers(member, names: ["Roles", "RoleMappings"])
        }
    }

    let store: IdentityPoolStore

    /// Whoever gives a role to others must be allowed to pass it on.
    func permissions(for input: Input, in call: Call) throws -> [Permission] {
        let roles: [String: String] = try input.roles.read("Roles") ?? [:]
        return [Permission(on: IdentityPool.arn(input.identityPoolId, in: call))]
            + Set(roles.values).sorted().map { Permission("iam:PassRole", on: $0, owner: ARN($0)?.account) }
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        // A mapping that cannot be read must not be found out at a user's sign-in.
        _ = try input.roles.read("RoleMappings") as [String: RoleMapping]?
        try await store.write { transaction in
            var pool = try transaction.identityPool(input.identityPoolId, in: call)
            pool.roles = input.roles
            try transaction.put(pool)
        }
        return NoOutput()
    }
}
