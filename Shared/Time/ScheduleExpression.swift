/// When something is to happen, as AWS's schedulers are told: once, at a rate, or by the calendar.
///
///     at(2026-12-01T08:00:00) · rate(5 minutes) · cron(0 8 ? * MON-FRI *)
public enum ScheduleExpression: Sendable, Hashable {
    /// In the schedule's time zone.
    case at(CivilDate)
    case rate(Duration)
    case cron(CronExpression)

    private static let longestRate: Int64 = 1_000_000
    private static let seconds: [String: Int64] = [
        "minute": 60, "minutes": 60, "hour": 3600, "hours": 3600, "day": 86400, "days": 86400,
    ]

    /// `nil` for what is none.
    public init?(_ text: String) {
        guard text.last == ")", let open = text.firstIndex(of: "(") else { return nil }
        let content = text[text.index(after: open)...].dropLast()
        switch text[..<open] {
        case "at":
            guard let date = Self.date(content) else { return nil }
            self = .at(date)
        case "rate":
            guard let rate = Self.rate(content) else { return nil }
            self = .rate(rate)
        case "cron":
            guard let cron = CronExpression(String(content)) else { return nil }
            self = .cron(cron)
        default: return nil
        }
    }

    private static func date(_ text: Substring) -> CivilDate? {
        // The clock behind it is the schedule's zone's.
        Timestamp(iso8601: text + "Z").flatMap { text.contains(".") ? nil : CivilDate($0) }
    }

    private static func rate(_ text: Substring) -> Duration? {
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[0].allSatisfy(\.isNumber), let value = Int64(parts[0]),
            (1...longestRate).contains(value), let unit = seconds[String(parts[1])]
        else { return nil }
        return .seconds(value * unit)
    }

    /// The first time after `time`; `nil` where none comes any more.
    ///
    /// - Parameters:
    ///   - start: when a rate begins to count.
    ///   - zone: whose clocks the others mean.
    public func next(after time: Timestamp, countingFrom start: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
        switch self {
        case .at(let date):
            return zone.timestamp(of: date).flatMap { $0 > time ? $0 : nil }
        case .rate(let rate):
            let passed = time < start ? -1 : (time - start).milliseconds / rate.milliseconds
            return start + .milliseconds((passed + 1) * rate.milliseconds)
        case .cron(let cron):
            return next(cron, after: time, zone)
        }
    }

    private func next(_ cron: CronExpression, after time: Timestamp, _ zone: TimeZoneRules) -> Timestamp? {
        var local: CivilDate? = zone.local(time)
        // Clocks that go forward leave minutes out, and those that go back show them twice: only the first counts.
        while let from = local, let found = cron.next(from: from) {
            if let due = zone.timestamp(of: found), due > time { return due }
            local = CivilDate(found.timestamp + .seconds(60))
        }
        return nil
    }
}
