import ServiceKit

/// Answers what is known of an identity.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentity.html)
struct DescribeIdentity: AWSOperation {
    struct Input: InputShape {
        let identityId: String
        init(_ member: Members) throws { identityId = try member("IdentityId") }
    }

    let store: IdentityPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> PoolIdentity {
        try await store.read { snapshot in
            guard let identity = try snapshot.identity(input.identityId),
                try snapshot.identityPool(identity.poolID)?.account == call.account
            else { throw ServiceError.identityNotFound(input.identityId) }
            return identity
        }
    }
}
