import ServiceKit

/// Lists the account's APIs, page by page.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html)
struct GetRestApis: AWSOperation {
    struct Input: InputShape {
        let position: String?
        let limit: Int?

        init(_ member: Members) throws {
            position = try member("position")
            limit = try member("limit")
        }
    }

    typealias Output = Collection<RestAPI>

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: RestAPI.arn("/restapis", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let page = try await store.collection(
            input.position, limit: input.limit, scope: "apis", position: \.id
        ) { try $0.apis(in: call, after: $1, limit: $2) }
        return Collection(page: page)
    }
}

/// One page of a collection, as this service writes them.
struct Collection<Element: JSONWritable & Sendable>: OutputShape {
    let page: Page<Element>

    func write(to json: inout JSONWriter) {
        json.member("items", page.elements)
        json.member("position", page.next)
    }
}
