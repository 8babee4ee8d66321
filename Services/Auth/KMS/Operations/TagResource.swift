import ServiceKit

/// Adds tags to a key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html)
struct TagResource: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let tags: [Tag]

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            tags = try member("Tags")
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call, conditions: Tag.conditions(input.tags))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let key = try await store.key(input.keyID, in: call)
        try await store.change(key) { key in
            try key.requireNotPendingDeletion()
            try key.tags.set(input.tags)
        }
        return NoOutput()
    }
}
