import ServiceKit

/// Registers who decides over callers.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html)
struct CreateAuthorizer: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let type: String
        let providerARNs: [String]
        var members: StoredMembers

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            type = try member("type")
            providerARNs = try member("providerARNs") ?? []
            members = try StoredMembers(member, names: Authorizer.memberNames)
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:POST", on: RestAPI.arn("/restapis/\(input.restApiId)/authorizers", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Authorizer {
        guard input.type == "COGNITO_USER_POOLS" else {
            throw ServiceError.badRequest(
                ["TOKEN", "REQUEST"].contains(input.type)
                    ? "Lambda authorizers are not implemented by Apus." : "Invalid authorizer type specified")
        }
        guard !input.providerARNs.isEmpty, input.providerARNs.allSatisfy({ ARN($0)?.service == "cognito-idp" }) else {
            throw ServiceError.badRequest("Invalid Cognito Provider ARN")
        }
        var members = input.members
        members.setDefault("authType", "cognito_user_pools")
        members.setDefault("identitySource", "method.request.header.Authorization")
        let authorizer = Authorizer(id: Identifier.lowercase(6), members: members)
        try await store.write { try $0.insert(authorizer, of: try $0.api(input.restApiId, in: call)) }
        return authorizer
    }
}
