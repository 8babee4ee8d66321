import ServiceKit

/// Makes an API key, with a value of its own or one that was brought.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html)
struct CreateApiKey: AWSOperation {
    struct Input: InputShape {
        let value: String?
        var members: StoredMembers

        init(_ member: Members) throws {
            value = try member("value")
            members = try StoredMembers(member, names: APIKey.memberNames)
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:POST", on: APIKey.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> APIKeyOutput {
        let value = input.value ?? Identifier.lowercase(40)
        guard (20...128).contains(value.utf8.count), value.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw ServiceError.badRequest("API Key value should be at least 20 characters and at most 128")
        }
        var members = input.members
        members.setDefault("enabled", false)
        let key = APIKey(
            id: Identifier.lowercase(10), region: call.region, account: call.account, value: value, members: members,
            created: call.now, updated: call.now)
        try await store.write { transaction in
            let twin = try transaction.key(withValue: value, region: call.region, account: call.account)
            guard twin == nil else { throw ServiceError.keyExists }
            try transaction.put(key)
        }
        return APIKeyOutput(key: key, showsValue: true)
    }
}
