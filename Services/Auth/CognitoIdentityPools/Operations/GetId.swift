import ServiceKit

/// Answers the identity that logins lead to, made at the first visit; without logins a new guest's.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html)
struct GetId: AWSOperation {
    struct Input: InputShape {
        let identityPoolId: String
        let logins: [String: String]

        init(_ member: Members) throws {
            identityPoolId = try member("IdentityPoolId")
            logins = try member("Logins") ?? [:]
        }
    }

    struct Output: OutputShape {
        let identityId: String
        func write(to json: inout JSONWriter) { json.member("IdentityId", identityId) }
    }

    let store: IdentityPoolStore
    let logins: LoginVerifier

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let pool = try await store.read({ try $0.identityPool(input.identityPoolId) }) else {
            throw ServiceError.identityPoolNotFound(input.identityPoolId)
        }
        let verified = try await logins.verify(input.logins, for: pool, at: call.now)
        if verified.isEmpty, try !pool.allowsGuests() { throw ServiceError.guestsNotAllowed }
        let id = try await store.write { transaction in
            let known = try verified.compactMap { try transaction.identityID(of: $0, in: pool) }.first
            let id = known ?? "\(pool.region):\(Identifier.uuid())"
            if known == nil { try transaction.insertIdentity(id, in: pool, at: call.now) }
            for login in verified where try transaction.identityID(of: login, in: pool) == nil {
                try transaction.link(login, to: id, in: pool)
            }
            return id
        }
        return Output(identityId: id)
    }
}
