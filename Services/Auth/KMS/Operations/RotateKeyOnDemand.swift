import ServiceKit

/// Gives a key new material at once.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html)
struct RotateKeyOnDemand: AWSOperation {
    struct Output: OutputShape {
        let keyID: String
        func write(to json: inout JSONWriter) { json.member("KeyId", keyID) }
    }

    let store: KMSStore

    func permissions(for input: KeyInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: KeyInput, in call: Call) async throws -> Output {
        let key = try await store.key(input.keyID, in: call)
        let masterKey = store.masterKey
        try await store.write { transaction in
            guard let key = try transaction.key(key.id) else { throw ServiceError.keyNotFound(key.arn.description) }
            try key.requireUsable()
            try key.requireRotatable()
            guard try transaction.rotationsOnDemand(of: key) < KeyMaterial.onDemandLimit else {
                throw ServiceError.limitExceeded(
                    "The on-demand rotation limit of \(KeyMaterial.onDemandLimit) has been reached for key \(key.arn).")
            }
            try transaction.rotate(key, because: .onDemand, at: call.now, masterKey)
        }
        return Output(keyID: key.id)
    }
}
