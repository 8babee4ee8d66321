import ServiceKit

/// Takes tags from a key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_UntagResource.html)
struct UntagResource: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let names: [String]

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            names = try member("TagKeys")
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call, conditions: ["aws:TagKeys": input.names])]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let key = try await store.key(input.keyID, in: call)
        try await store.change(key) { key in
            try key.requireNotPendingDeletion()
            key.tags.removeAll { input.names.contains($0.key) }
        }
        return NoOutput()
    }
}
