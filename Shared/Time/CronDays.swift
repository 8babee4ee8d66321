/// The days a schedule falls on: days of the month or days of the week, of which the other one is `?`.
struct CronDays: Sendable, Hashable {
    private enum Rule: Sendable, Hashable {
        /// Days of the month.
        case days(Set<Int>)
        /// `L`, and so many days before it.
        case last(Int)
        /// `15W`: the weekday nearest to a day; `LW`: the last one of the month, for `nil`.
        case nearestWeekday(Int?)
        /// Days of the week; 1 is Sunday.
        case weekdays(Set<Int>)
        /// `6L`: the last Friday of the month.
        case lastWeekday(Int)
        /// `6#3`: the third Friday.
        case nth(Int, weekday: Int)
    }

    private static let names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

    private let rule: Rule

    init?(ofMonth month: Substring, ofWeek week: Substring) {
        guard (month == "?") != (week == "?"), let rule = week == "?" ? Self.days(month) : Self.weekdays(week) else {
            return nil
        }
        self.rule = rule
    }

    private static func days(_ text: Substring) -> Rule? {
        if text == "L" { return .last(0) }
        if text == "LW" || text == "WL" { return .nearestWeekday(nil) }
        if text.hasPrefix("L-") { return CronField.number(text.dropFirst(2), 0...30, []).map(Rule.last) }
        if text.hasSuffix("W") { return CronField.number(text.dropLast(), 1...31, []).map(Rule.nearestWeekday) }
        return CronField(text, in: 1...31).map { .days($0.values) }
    }

    private static func weekdays(_ text: Substring) -> Rule? {
        if text == "L" { return .weekdays([7]) }
        if text.hasSuffix("L") { return CronField.number(text.dropLast(), 1...7, names).map(Rule.lastWeekday) }
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard let weekday = CronField.number(parts[0], 1...7, names),
                let ordinal = CronField.number(parts[1], 1...5, [])
            else { return nil }
            return .nth(ordinal, weekday: weekday)
        }
        return CronField(text, in: 1...7, names: names).map { .weekdays($0.values) }
    }

    func match(_ date: CivilDate) -> Bool {
        let last = CivilDate.days(inMonth: date.month, of: date.year)
        let weekday = date.weekday + 1
        return switch rule {
        case .days(let days): days.contains(date.day)
        case .last(let before): date.day == last - before
        case .nearestWeekday(let day): date.day == Self.weekday(nearest: day, in: date, last)
        case .weekdays(let weekdays): weekdays.contains(weekday)
        case .lastWeekday(let wanted): weekday == wanted && date.day > last - 7
        case .nth(let ordinal, let wanted): weekday == wanted && (date.day - 1) / 7 + 1 == ordinal
        }
    }

    /// It never leaves the month.
    private static func weekday(nearest day: Int?, in month: CivilDate, _ last: Int) -> Int? {
        guard day ?? last <= last else { return nil }
        var date = month
        date.day = day ?? last
        return switch (date.weekday, date.day) {
        case (6, 1): 3
        case (6, let day): day - 1
        case (0, last): last - 2
        case (0, let day): day + 1
        case (_, let day): day
        }
    }
}
