import ServiceKit

/// Describes a key anew.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateKeyDescription.html)
struct UpdateKeyDescription: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let description: String

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            description = try member("Description")
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let key = try await store.key(input.keyID, in: call)
        try await store.change(key) { key in
            try key.requireNotPendingDeletion()
            key.description = input.description
        }
        return NoOutput()
    }
}
