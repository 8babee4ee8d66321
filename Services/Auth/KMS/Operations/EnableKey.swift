import ServiceKit

/// Lets a key be used again.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html)
struct EnableKey: AWSOperation {
    let store: KMSStore

    func permissions(for input: KeyInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: KeyInput, in call: Call) async throws -> NoOutput {
        let key = try await store.key(input.keyID, in: call)
        try await store.change(key) { key in
            try key.requireNotPendingDeletion()
            key.state = .enabled
        }
        return NoOutput()
    }
}
