import ServiceKit

/// Lists the names of a key's policies: each has the one.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyPolicies.html)
struct ListKeyPolicies: AWSOperation {
    struct Input: InputShape {
        let keyID: String

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            _ = try PageInput(member, default: 100, maximum: 1000)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<String> {
        PageOutput(member: "PolicyNames", page: Page(elements: [KeyPolicy.name], next: nil))
    }
}
