import ServiceKit

/// Tells the owners of resources what a user or role may do; nothing for one that does not exist.
struct GetIdentityPolicies: AWSOperation {
    struct Input: InputShape {
        let principal: String
        init(_ member: Members) throws { principal = try member("Principal") }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> PrincipalPolicies {
        // Asked for sessions that the root user gave out: without limits of their own, the session's apply alone.
        if let arn = ARN(input.principal), arn.service == "iam", arn.resource == "root",
            let everything = AWSManagedPolicies.policy("arn:aws:iam::aws:policy/AdministratorAccess")
        {
            let document = PrincipalPolicies.Document(name: everything.policy.arn, text: everything.version.document)
            return PrincipalPolicies(policies: [document], boundary: nil)
        }
        return try await store.read { snapshot in
            guard let identity = try snapshot.identity(arn: input.principal) else {
                return PrincipalPolicies(policies: [], boundary: nil)
            }
            return try snapshot.policies(of: identity)
        }
    }
}
