import ServiceKit

/// Has a key deleted after a waiting time, in which nobody can use it.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html)
struct ScheduleKeyDeletion: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let days: Int

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            days = try member("PendingWindowInDays") ?? 30
        }
    }

    struct Output: OutputShape {
        let key: Key

        func write(to json: inout JSONWriter) {
            json.member("KeyId", key.arn)
            json.member("DeletionDate", key.deletion)
            json.member("KeyState", key.state.rawValue)
            json.member("PendingWindowInDays", key.waitingDays)
        }
    }

    private static let window = 7...30

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [
            try await store.permission(
                onKey: input.keyID, in: call,
                conditions: ["kms:ScheduleKeyDeletionPendingWindowInDays": ["\(input.days)"]])
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard Self.window.contains(input.days) else {
            throw ServiceError.validation("PendingWindowInDays must be between 7 and 30 (inclusive)")
        }
        let key = try await store.key(input.keyID, in: call)
        try await store.change(key) { key in
            try key.requireNotPendingDeletion()
            key.state = .pendingDeletion
            key.waitingDays = input.days
            key.deletion = call.now + .days(input.days)
        }
        return Output(key: try await store.key(input.keyID, in: call))
    }
}
