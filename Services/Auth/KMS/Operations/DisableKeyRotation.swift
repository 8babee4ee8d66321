import ServiceKit

/// Keeps a key's material as it is.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html)
struct DisableKeyRotation: AWSOperation {
    let store: KMSStore

    func permissions(for input: KeyInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: KeyInput, in call: Call) async throws -> NoOutput {
        let key = try await store.key(input.keyID, in: call)
        try await store.change(key) { key in
            try key.requireUsable()
            try key.requireRotatable()
            key.rotation = nil
        }
        return NoOutput()
    }
}
