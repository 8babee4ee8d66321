import ServiceKit

/// A pool's OpenID Connect discovery document.
struct GetOpenIDConfiguration: AWSOperation {
    struct Input: InputShape {
        let poolID: String
        let endpoint: String

        init(_ member: Members) throws {
            poolID = try member("PoolId")
            endpoint = try member("Endpoint")
        }
    }

    struct Output: OutputShape {
        let issuer: String

        func write(to json: inout JSONWriter) {
            json.member("Document") { json in
                json.object { json in
                    json.member("issuer", issuer)
                    json.member("jwks_uri", "\(issuer)/.well-known/jwks.json")
                    json.member("id_token_signing_alg_values_supported", ["RS256"])
                    json.member("response_types_supported", ["code", "token"])
                    json.member("scopes_supported", ["openid", "email", "phone", "profile"])
                    json.member("subject_types_supported", ["public"])
                }
            }
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard try await store.read({ try $0.pool(input.poolID) }) != nil else {
            throw ServiceError.userPoolNotFound(input.poolID)
        }
        return Output(issuer: TokenIssuer.issuer(input.poolID, endpoint: input.endpoint))
    }
}
