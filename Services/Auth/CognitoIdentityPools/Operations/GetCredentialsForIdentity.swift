import STS
import ServiceKit

/// Gives an identity temporary credentials of its role, which carry `cognito-identity.amazonaws.com:sub`.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html)
struct GetCredentialsForIdentity: AWSOperation {
    struct Input: InputShape {
        let identityId: String
        let logins: [String: String]
        let customRoleArn: String?

        init(_ member: Members) throws {
            identityId = try member("IdentityId")
            logins = try member("Logins") ?? [:]
            customRoleArn = try member("CustomRoleArn")
        }
    }

    struct Output: OutputShape {
        let identityId: String
        let credentials: SessionCredentials

        func write(to json: inout JSONWriter) {
            json.member("IdentityId", identityId)
            json.member("Credentials") { json in
                json.object { json in
                    json.member("AccessKeyId", credentials.accessKeyID)
                    json.member("SecretKey", credentials.secretAccessKey)
                    json.member("SessionToken", credentials.token)
                    json.member("Expiration", credentials.expires)
                }
            }
        }
    }

    static let provider = "cognito-identity.amazonaws.com"

    let store: IdentityPoolStore
    let logins: LoginVerifier
    let sessions: RoleSessions

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let (identity, pool) = try await find(input.identityId)
        let verified = try await logins.verify(input.logins, for: pool, at: call.now)
        try await requireOwner(of: identity, pool, verified)
        var role = try pool.role(for: verified.first)
        if let custom = input.customRoleArn {
            // A token may offer several roles; the caller may choose among those only.
            let offered = verified.first?.claims["cognito:roles"]?.elements.compactMap(\.string) ?? []
            guard offered.contains(custom) else { throw ServiceError.forbiddenIdentity }
            role = custom
        }
        let credentials = try await sessions.start(
            role, forWebIdentityOf: Self.provider, context: context(of: identity, pool, verified),
            RoleSessions.Wish(named: "CognitoIdentityCredentials"), in: call)
        return Output(identityId: identity.id, credentials: credentials)
    }

    private func find(_ id: String) async throws -> (PoolIdentity, IdentityPool) {
        try await store.read { snapshot in
            guard let identity = try snapshot.identity(id), let pool = try snapshot.identityPool(identity.poolID) else {
                throw ServiceError.identityNotFound(id)
            }
            return (identity, pool)
        }
    }

    /// A guest's identity is whoever knows it; that of somebody who signed in needs one of their logins.
    private func requireOwner(
        of identity: PoolIdentity, _ pool: IdentityPool, _ verified: [VerifiedLogin]
    ) async throws {
        guard !verified.isEmpty else {
            guard identity.providers.isEmpty, try pool.allowsGuests() else { throw ServiceError.forbiddenIdentity }
            return
        }
        let owners = try await store.read { snapshot in
            try verified.map { try snapshot.identityID(of: $0, in: pool) }
        }
        guard owners.allSatisfy({ $0 == identity.id }) else { throw ServiceError.forbiddenIdentity }
    }

    private func context(
        of identity: PoolIdentity, _ pool: IdentityPool, _ verified: [VerifiedLogin]
    ) -> [String: [String]] {
        let methods =
            verified.isEmpty
            ? ["unauthenticated"]
            : ["authenticated"] + verified.flatMap { [$0.provider, "\($0.provider):\($0.subject)"] }
        return [
            "\(Self.provider):aud": [pool.id], "\(Self.provider):sub": [identity.id], "\(Self.provider):amr": methods,
        ]
    }
}
