import ServiceKit

/// Adds a path below another.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html)
struct CreateResource: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let parentId: String
        let pathPart: String

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            parentId = try member("parentId")
            pathPart = try member("pathPart")
        }
    }

    struct Output: OutputShape {
        let resource: Resource
        var withMethods = false
        func write(to json: inout JSONWriter) { resource.write(to: &json, withMethods: withMethods) }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let path = "/restapis/\(input.restApiId)/resources/\(input.parentId)"
        return [Permission("apigateway:POST", on: RestAPI.arn(path, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try Resource.check(input.pathPart)
        return try await store.write { transaction in
            let api = try transaction.api(input.restApiId, in: call)
            let parent = try transaction.resource(input.parentId, of: api)
            let path = (parent.path == "/" ? "" : parent.path) + "/\(input.pathPart)"
            guard !parent.path.hasSuffix("+}") else {
                throw ServiceError.badRequest("Cannot create a child of a resource with a greedy path variable")
            }
            guard try !transaction.hasResource(at: path, of: api) else {
                throw ServiceError.resourceExists(input.pathPart)
            }
            if let sibling = try transaction.variable(below: parent, of: api, like: input.pathPart) {
                throw ServiceError.variableSibling(sibling)
            }
            let resource = Resource(
                apiID: api.id, id: Resource.makeID(), parentID: parent.id, pathPart: input.pathPart, path: path,
                methods: [:])
            try transaction.put(resource)
            return Output(resource: resource)
        }
    }
}
