import ServiceKit

/// Lists an API's deployments, page by page.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetDeployments.html)
struct GetDeployments: AWSOperation {
    let store: APIStore

    func permissions(for input: GetAuthorizers.Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: RestAPI.arn("/restapis/\(input.restApiId)/deployments", in: call))]
    }

    func perform(_ input: GetAuthorizers.Input, in call: Call) async throws -> Collection<Deployment> {
        let page = try await store.collection(
            input.position, limit: input.limit, scope: "deployments \(input.restApiId)", position: \.id
        ) { try $0.deployments(of: try $0.api(input.restApiId, in: call), after: $1, limit: $2) }
        return Collection(page: page)
    }
}
