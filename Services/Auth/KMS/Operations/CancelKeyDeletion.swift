import ServiceKit

/// Keeps a key that was to be deleted; it is disabled then.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html)
struct CancelKeyDeletion: AWSOperation {
    struct Output: OutputShape {
        let key: Key
        func write(to json: inout JSONWriter) { json.member("KeyId", key.arn) }
    }

    let store: KMSStore

    func permissions(for input: KeyInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: KeyInput, in call: Call) async throws -> Output {
        let key = try await store.key(input.keyID, in: call)
        try await store.change(key) { key in
            guard key.state == .pendingDeletion else {
                throw ServiceError.notPendingDeletion(key.arn.description)
            }
            key.state = .disabled
            (key.deletion, key.waitingDays) = (nil, nil)
        }
        return Output(key: key)
    }
}
