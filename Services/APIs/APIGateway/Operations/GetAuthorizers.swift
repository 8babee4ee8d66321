import ServiceKit

/// Lists an API's authorizers, page by page.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetAuthorizers.html)
struct GetAuthorizers: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let position: String?
        let limit: Int?

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            position = try member("position")
            limit = try member("limit")
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: RestAPI.arn("/restapis/\(input.restApiId)/authorizers", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Collection<Authorizer> {
        let page = try await store.collection(
            input.position, limit: input.limit, scope: "authorizers \(input.restApiId)", position: \.id
        ) { try $0.authorizers(of: try $0.api(input.restApiId, in: call), after: $1, limit: $2) }
        return Collection(page: page)
    }
}
