import ServiceKit

/// Tells whether and when a key gets new material.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html)
struct GetKeyRotationStatus: AWSOperation {
    struct Output: OutputShape {
        let key: Key

        func write(to json: inout JSONWriter) {
            let rotation = key.state == .pendingDeletion ? nil : key.rotation
            json.member("KeyId", key.id)
            json.member("KeyRotationEnabled", rotation != nil)
            json.member("RotationPeriodInDays", rotation?.days)
            json.member("NextRotationDate", rotation?.next)
        }
    }

    let store: KMSStore

    func permissions(for input: KeyInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: KeyInput, in call: Call) async throws -> Output {
        let key = try await store.key(input.keyID, in: call)
        try key.requireRotatable()
        return Output(key: key)
    }
}
