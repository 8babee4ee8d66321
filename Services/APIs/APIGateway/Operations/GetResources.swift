import ServiceKit

/// Lists an API's resources, page by page.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetResources.html)
struct GetResources: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let position: String?
        let limit: Int?
        let embed: [String]

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            position = try member("position")
            limit = try member("limit")
            embed = try member("embed") ?? []
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: RestAPI.arn("/restapis/\(input.restApiId)/resources", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Collection<CreateResource.Output> {
        let page = try await store.collection(
            input.position, limit: input.limit, scope: "resources \(input.restApiId)", position: \.id
        ) { try $0.resources(of: try $0.api(input.restApiId, in: call), after: $1, limit: $2) }
        let withMethods = input.embed.contains("methods")
        return Collection(page: page.map { CreateResource.Output(resource: $0, withMethods: withMethods) })
    }
}
