import ServiceKit

/// Says how an answer of the integration becomes one of the method.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html)
struct PutIntegrationResponse: AWSOperation {
    struct Input: InputShape {
        let place: MethodPlace
        let statusCode: String
        let responseTemplates: [String: String]
        let members: StoredMembers

        init(_ member: Members) throws {
            place = try MethodPlace(member)
            statusCode = try member("statusCode")
            responseTemplates = try member("responseTemplates") ?? [:]
            members = try StoredMembers(member, names: Integration.responseNames)
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:PUT", on: input.place.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> StoredMembers {
        for template in input.responseTemplates.values where template.contains("$") || template.contains("#") {
            throw ServiceError.badRequest("Mapping templates with VTL expressions are not implemented by Apus.")
        }
        return try await store.changeMethod(input.place, in: call) { method in
            guard method.integration != nil else { throw ServiceError.noIntegration }
            method.integration?.responses[input.statusCode] = input.members
            return input.members
        }
    }
}
