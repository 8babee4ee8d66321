import ServiceKit

/// Counts one request against a key's quota, durably, unless the quota is used up.
struct CountUsage: AWSOperation {
    struct Input: InputShape {
        let planID: String
        let keyID: String

        init(_ member: Members) throws {
            planID = try member("PlanId")
            keyID = try member("KeyId")
        }
    }

    struct Output: OutputShape {
        let isAdmitted: Bool
        func write(to json: inout JSONWriter) { json.member("IsAdmitted", isAdmitted) }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let today = Day.of(call.now)
        return try await store.write { transaction in
            guard let plan = try transaction.plan(input.planID),
                let joined = try transaction.joined(input.keyID, input.planID)
            else { return Output(isAdmitted: false) }
            if let quota = plan.quota {
                let start = quota.period.start(of: today)
                let used = try transaction.usage(of: input.keyID, under: plan.id, from: start, through: today)
                guard used.values.reduce(0, +) < quota.allowance(from: start, joined: joined) else {
                    return Output(isAdmitted: false)
                }
            }
            try transaction.count(input.keyID, under: plan.id, on: today)
            return Output(isAdmitted: true)
        }
    }
}
