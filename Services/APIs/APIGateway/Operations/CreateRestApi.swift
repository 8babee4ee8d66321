import ServiceKit

/// Creates an API with its root resource.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html)
struct CreateRestApi: AWSOperation {
    struct Input: InputShape {
        let members: StoredMembers
        let cloneFrom: String?

        init(_ member: Members) throws {
            members = try StoredMembers(member, names: RestAPI.memberNames)
            cloneFrom = try member("cloneFrom")
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:POST", on: RestAPI.arn("/restapis", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> RestAPI {
        guard input.cloneFrom == nil else {
            throw ServiceError.badRequest("cloneFrom is not implemented by Apus.")
        }
        var members = input.members
        members.setDefault("apiKeySource", "HEADER")
        members.setDefault("endpointConfiguration", ["types": ["EDGE"]])
        members.setDefault("disableExecuteApiEndpoint", false)
        let api = RestAPI(
            id: Identifier.lowercase(10), region: call.region, account: call.account,
            rootResourceID: Identifier.lowercase(10), members: members, created: call.now)
        try await store.write { transaction in
            try transaction.put(api)
            try transaction.put(
                Resource(apiID: api.id, id: api.rootResourceID, parentID: nil, pathPart: "", path: "/", methods: [:]))
        }
        return api
    }
}
