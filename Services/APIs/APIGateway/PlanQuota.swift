import ServiceKit

/// How many requests a key's holder has in a day, week or month.
struct PlanQuota: Sendable, InputShape, OutputShape {
    enum Period: String, Sendable {
        case day = "DAY"
        case week = "WEEK"
        case month = "MONTH"

        /// The first day of the period that a day is in, both in days since 1970; weeks begin on Sundays.
        func start(of day: Int) -> Int {
            switch self {
            case .day: return day
            // 1 January 1970 was a Thursday.
            case .week: return day - (day + 4) % 7
            case .month: return day - (Day.ofMonth(day) - 1)
            }
        }
    }

    private(set) var limit: Int
    /// Requests fewer than the limit in the period in which a key joins the plan.
    private(set) var offset: Int
    private(set) var period: Period

    init() { (limit, offset, period) = (0, 0, .month) }

    init(_ member: Members) throws {
        limit = try member("limit") ?? 0
        offset = try member("offset") ?? 0
        guard limit >= 0, offset >= 0 else {
            throw ServiceError.badRequest("Usage Plan quota limits must not be negative")
        }
        period = try PlanQuota.period(try member("period") ?? "")
    }

    func write(to json: inout JSONWriter) {
        json.member("limit", limit)
        json.member("offset", offset)
        json.member("period", period.rawValue)
    }

    func with(period: String) throws -> PlanQuota {
        var changed = self
        changed.period = try PlanQuota.period(period)
        return changed
    }

    func with(limit: Int) -> PlanQuota {
        var changed = self
        changed.limit = limit
        return changed
    }

    func with(offset: Int) -> PlanQuota {
        var changed = self
        changed.offset = offset
        return changed
    }

    /// What is allowed in the period that begins on a day, for a key that joined on another.
    func allowance(from start: Int, joined: Int) -> Int { max(0, joined >= start ? limit - offset : limit) }

    private static func period(_ text: String) throws -> Period {
        guard let period = Period(rawValue: text) else {
            throw ServiceError.badRequest("Invalid quota period. Must be one of DAY, WEEK, MONTH")
        }
        return period
    }
}

/// Days since 1970, UTC.
enum Day {
    static func of(_ time: Timestamp) -> Int { Int(time.milliseconds / 86_400_000) }

    /// `2026-11-21`
    static func text(_ day: Int) -> String {
        String(Timestamp(milliseconds: Int64(day) * 86_400_000).iso8601().prefix(10))
    }

    static func parse(_ text: String) -> Int? { Timestamp(iso8601: "\(text)T00:00:00Z").map(of) }

    fileprivate static func ofMonth(_ day: Int) -> Int { Int(text(day).suffix(2)) ?? 1 }
}
