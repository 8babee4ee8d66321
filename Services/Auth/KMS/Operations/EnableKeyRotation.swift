import ServiceKit

/// Gives a key new material every so many days.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html)
struct EnableKeyRotation: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let days: Int

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            days = try member("RotationPeriodInDays") ?? Key.Rotation.defaultDays
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [
            try await store.permission(
                onKey: input.keyID, in: call, conditions: ["kms:RotationPeriodInDays": ["\(input.days)"]])
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let key = try await store.key(input.keyID, in: call)
        try await store.change(key) { key in
            try key.requireUsable()
            try key.requireRotatable()
            // The days count from now on when they are set anew.
            guard key.rotation?.days != input.days else { return }
            key.rotation = Key.Rotation(days: input.days, next: call.now + .days(input.days))
        }
        return NoOutput()
    }
}
