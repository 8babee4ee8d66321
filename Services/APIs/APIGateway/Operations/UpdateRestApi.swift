import ServiceKit

/// Changes an API's settings.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateRestApi.html)
struct UpdateRestApi: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let patchOperations: [PatchOperation]

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            patchOperations = try member("patchOperations") ?? []
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:PATCH", on: RestAPI.arn("/restapis/\(input.restApiId)", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> RestAPI {
        try await store.write { transaction in
            var api = try transaction.api(input.restApiId, in: call)
            for patch in input.patchOperations { try api.apply(patch) }
            try transaction.put(api)
            return api
        }
    }
}

extension RestAPI {
    fileprivate mutating func apply(_ patch: PatchOperation) throws {
        let parts = patch.path.split(separator: "/").map { String($0).replacing("~1", with: "/") }
        switch parts.first {
        case "name", "description", "version", "apiKeySource", "policy": members.set(parts[0], patch.value ?? "")
        case "disableExecuteApiEndpoint": members.set(parts[0], patch.value == "true")
        case "minimumCompressionSize": members.set(parts[0], patch.value.flatMap(Int.init) ?? 0)
        case "binaryMediaTypes" where parts.count == 2:
            var types: [String] = try members.read("binaryMediaTypes") ?? []
            types.removeAll { $0 == parts[1] }
            if patch.op != "remove" { types.append(parts[1]) }
            members.set("binaryMediaTypes", types)
        default: throw ServiceError.badRequest("Invalid patch path '\(patch.path)'")
        }
    }
}
