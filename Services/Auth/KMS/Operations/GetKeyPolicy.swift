import ServiceKit

/// Answers a key's policy as it was given.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html)
struct GetKeyPolicy: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let name: String

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            name = try member("PolicyName") ?? KeyPolicy.name
        }
    }

    struct Output: OutputShape {
        let policy: String

        func write(to json: inout JSONWriter) {
            json.member("Policy", policy)
            json.member("PolicyName", KeyPolicy.name)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard input.name == KeyPolicy.name else { throw ServiceError.policyNotFound(input.name) }
        return Output(policy: try await store.key(input.keyID, in: call).policy)
    }
}
