import ServiceKit

/// Changes an API key; its value stays.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateApiKey.html)
struct UpdateApiKey: AWSOperation {
    struct Input: InputShape {
        let apiKey: String
        let patchOperations: [PatchOperation]

        init(_ member: Members) throws {
            apiKey = try member("apiKey")
            patchOperations = try member("patchOperations") ?? []
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:PATCH", on: APIKey.arn(input.apiKey, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> APIKeyOutput {
        let key = try await store.write { transaction in
            var key = try transaction.key(input.apiKey, in: call)
            for patch in input.patchOperations { try key.apply(patch) }
            key.updated = call.now
            try transaction.put(key)
            return key
        }
        return APIKeyOutput(key: key, showsValue: false)
    }
}
