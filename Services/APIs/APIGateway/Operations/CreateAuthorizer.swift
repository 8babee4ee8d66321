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
        let authorizer = Authorizer(id: Identifier.lowercase(6), members: try input.checkedMembers())
        try await store.write { try $0.insert(authorizer, of: try $0.api(input.restApiId, in: call)) }
        return authorizer
    }
}

extension CreateAuthorizer.Input {
    /// The members with AWS's defaults.
    ///
    /// - Throws: `BadRequestException` for an authorizer that could not decide anything.
    fileprivate func checkedMembers() throws -> StoredMembers {
        var members = members
        switch type {
        case "COGNITO_USER_POOLS":
            guard !providerARNs.isEmpty, providerARNs.allSatisfy({ ARN($0)?.service == "cognito-idp" }) else {
                throw ServiceError.badRequest("Invalid Cognito Provider ARN")
            }
            members.setDefault("authType", "cognito_user_pools")
            members.setDefault("identitySource", "method.request.header.Authorization")
        case "TOKEN", "REQUEST":
            try checkFunction()
            members.setDefault("authType", "custom")
            members.setDefault("authorizerResultTtlInSeconds", 300)
        default: throw ServiceError.badRequest("Invalid authorizer type specified")
        }
        return members
    }

    private func checkFunction() throws {
        let uri: String = try members.read("authorizerUri") ?? ""
        guard uri.hasPrefix("arn:aws:apigateway:"), uri.contains(":lambda:path/"), uri.hasSuffix("/invocations") else {
            throw ServiceError.badRequest(
                "Invalid Authorizer URI: \(uri). Authorizer URI should be a valid API Gateway ARN that represents a "
                    + "Lambda function invocation.")
        }
        let lifetime: Int = try members.read("authorizerResultTtlInSeconds") ?? 300
        guard (0...3600).contains(lifetime) else {
            throw ServiceError.badRequest("Authorizer result TTL must be between 0 and 3600 seconds")
        }
        let source: String = try members.read("identitySource") ?? ""
        guard !source.isEmpty || (type == "REQUEST" && lifetime == 0) else {
            throw ServiceError.badRequest("Identity source must be specified")
        }
        if let expression: String = try members.read("identityValidationExpression"), (try? Regex(expression)) == nil {
            throw ServiceError.badRequest("Invalid identity validation expression")
        }
    }
}
