import ServiceKit

/// Answers one resource, with its methods in full where asked.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetResource.html)
struct GetResource: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let resourceId: String
        let embed: [String]

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            resourceId = try member("resourceId")
            embed = try member("embed") ?? []
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let path = "/restapis/\(input.restApiId)/resources/\(input.resourceId)"
        return [Permission("apigateway:GET", on: RestAPI.arn(path, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> CreateResource.Output {
        try await store.read { snapshot in
            let api = try snapshot.api(input.restApiId, in: call)
            return CreateResource.Output(
                resource: try snapshot.resource(input.resourceId, of: api),
                withMethods: input.embed.contains("methods"))
        }
    }
}
