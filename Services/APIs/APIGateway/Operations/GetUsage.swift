import ServiceKit

/// Answers how much of a plan's quota its keys used, day by day: `[used, remaining]`.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetUsage.html)
struct GetUsage: AWSOperation {
    struct Input: InputShape {
        let usagePlanId: String
        let keyID: String?
        let startDate: String
        let endDate: String
        let position: String?
        let limit: Int?

        init(_ member: Members) throws {
            usagePlanId = try member("usagePlanId")
            keyID = try member("keyId")
            startDate = try member("startDate")
            endDate = try member("endDate")
            position = try member("position")
            limit = try member("limit")
        }
    }

    struct Output: OutputShape {
        let input: Input
        let page: Page<(key: String, days: [[Int]])>

        func write(to json: inout JSONWriter) {
            json.member("usagePlanId", input.usagePlanId)
            json.member("startDate", input.startDate)
            json.member("endDate", input.endDate)
            json.member("items", Dictionary(page.elements.map { ($0.key, $0.days) }, uniquingKeysWith: { $1 }))
            json.member("position", page.next)
        }
    }

    /// As far back as AWS keeps usage.
    private static let longestRange = 90
    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: UsagePlan.arn("/\(input.usagePlanId)/usage", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let first = Day.parse(input.startDate), let last = Day.parse(input.endDate), first <= last,
            last - first < Self.longestRange
        else { throw ServiceError.badRequest("Usage start date must precede usage end date, by 90 days at most") }
        let plan = try await store.read { try $0.plan(input.usagePlanId, in: call) }
        let keys = try await store.collection(
            input.position, limit: input.limit, scope: "usage \(plan.id)", position: \.id
        ) { try $0.keys(of: plan, in: call, after: $1, limit: $2) }
        let wanted = keys.elements.filter { input.keyID == nil || $0.id == input.keyID }
        let items = try await store.read { snapshot in
            try wanted.map { ($0.id, try Self.days(of: $0.id, under: plan, first...last, snapshot)) }
        }
        return Output(input: input, page: Page(elements: items, next: keys.next))
    }

    private static func days(
        of key: String, under plan: UsagePlan, _ range: ClosedRange<Int>, _ snapshot: Snapshot
    ) throws -> [[Int]] {
        guard let quota = plan.quota, let joined = try snapshot.joined(key, plan.id) else { return [] }
        let begin = quota.period.start(of: range.lowerBound)
        let used = try snapshot.usage(of: key, under: plan.id, from: begin, through: range.upperBound)
        return range.map { day in
            let start = quota.period.start(of: day)
            let spent = (start...day).reduce(0) { $0 + (used[$1] ?? 0) }
            return [used[day] ?? 0, max(0, quota.allowance(from: start, joined: joined) - spent)]
        }
    }
}
