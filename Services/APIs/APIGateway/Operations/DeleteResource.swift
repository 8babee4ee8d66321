import ServiceKit

/// Deletes a resource with everything below it.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteResource.html)
struct DeleteResource: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let resourceId: String

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            resourceId = try member("resourceId")
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let path = "/restapis/\(input.restApiId)/resources/\(input.resourceId)"
        return [Permission("apigateway:DELETE", on: RestAPI.arn(path, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write { transaction in
            let api = try transaction.api(input.restApiId, in: call)
            guard input.resourceId != api.rootResourceID else { throw ServiceError.rootCannotBeDeleted }
            try transaction.delete(try transaction.resource(input.resourceId, of: api))
        }
        return NoOutput()
    }
}
