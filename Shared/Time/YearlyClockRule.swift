/// How clocks go from year to year, in the form of POSIX's `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct YearlyClockRule: Sendable, Hashable {
    private enum Day: Sendable, Hashable {
        /// The `week`-th such weekday of a month; 5 is the last one.
        case weekday(month: Int, week: Int, weekday: Int)
        /// 1 to 365; 29 February is never counted.
        case julian(Int)
        /// 0 to 365.
        case ordinal(Int)
    }

    private struct Change: Sendable, Hashable {
        let day: Day
        /// Seconds behind midnight, by the clocks as they were.
        let time: Int
    }

    private struct Summer: Sendable, Hashable {
        let offset: Int
        let begin: Change
        let end: Change
    }

    /// Seconds east of Greenwich.
    private let standard: Int
    private let summer: Summer?

    /// `nil` for what is none, as for the empty text of a zone without a rule.
    init?(_ text: String) {
        var scanner = RuleScanner(text)
        guard scanner.name(), let west = scanner.time() else { return nil }
        standard = -west
        guard !scanner.isAtEnd else {
            summer = nil
            return
        }
        guard scanner.name() else { return nil }
        let offset = scanner.peek == "," ? standard + 3600 : scanner.time().map { -$0 }
        guard let offset, let begin = Self.change(&scanner), let end = Self.change(&scanner), scanner.isAtEnd else {
            return nil
        }
        summer = Summer(offset: offset, begin: begin, end: end)
    }

    private static func change(_ scanner: inout RuleScanner) -> Change? {
        guard scanner.skip(","), let day = day(&scanner) else { return nil }
        guard scanner.skip("/") else { return Change(day: day, time: 7200) }
        return scanner.time().map { Change(day: day, time: $0) }
    }

    private static func day(_ scanner: inout RuleScanner) -> Day? {
        if scanner.skip("J") { return scanner.number(1...365).map(Day.julian) }
        guard scanner.skip("M") else { return scanner.number(0...365).map(Day.ordinal) }
        guard let month = scanner.number(1...12), scanner.skip("."), let week = scanner.number(1...5),
            scanner.skip("."), let weekday = scanner.number(0...6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }

    /// Seconds east of Greenwich.
    func offset(at seconds: Int64) -> Int {
        guard let summer else { return standard }
        let year = CivilDate(Timestamp(seconds: seconds + Int64(standard))).year
        let begin = Self.midnight(of: summer.begin.day, in: year) + Int64(summer.begin.time - standard)
        let end = Self.midnight(of: summer.end.day, in: year) + Int64(summer.end.time - summer.offset)
        let isSummer =
            begin < end ? (begin..<end).contains(seconds) : !(end..<begin).contains(seconds)
        return isSummer ? summer.offset : standard
    }

    /// Seconds since 1970, as if in UTC.
    private static func midnight(of day: Day, in year: Int) -> Int64 {
        switch day {
        case .ordinal(let day):
            return start(of: year, 1) + Int64(day) * 86400
        case .julian(let day):
            let isBehindLeapDay = day > 59 && CivilDate.days(inMonth: 2, of: year) == 29
            return start(of: year, 1) + Int64(day - (isBehindLeapDay ? 0 : 1)) * 86400
        case .weekday(let month, let week, let weekday):
            let first = CivilDate(Timestamp(seconds: start(of: year, month))).weekday
            var day = (weekday - first + 7) % 7 + (week - 1) * 7
            if day >= CivilDate.days(inMonth: month, of: year) { day -= 7 }
            return start(of: year, month) + Int64(day) * 86400
        }
    }

    private static func start(of year: Int, _ month: Int) -> Int64 {
        CivilDate(year: year, month: month, day: 1)?.timestamp.seconds ?? 0
    }
}

/// The parts of a rule, left to right.
private struct RuleScanner {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    var isAtEnd: Bool { rest.isEmpty }
    var peek: Character? { rest.first }

    mutating func skip(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    /// `CET`, `<+03>`
    mutating func name() -> Bool {
        if skip("<") {
            rest = rest.drop { $0 != ">" }
            return skip(">")
        }
        let letters = rest.prefix { $0.isASCII && $0.isLetter }
        rest = rest.dropFirst(letters.count)
        return !letters.isEmpty
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time() -> Int? {
        let sign = skip("-") ? -1 : 1
        if sign == 1 { _ = skip("+") }
        guard var seconds = number(0...167).map({ $0 * 3600 }) else { return nil }
        for unit in [60, 1] {
            guard skip(":") else { break }
            guard let part = number(0...59) else { return nil }
            seconds += part * unit
        }
        return sign * seconds
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard (1...3).contains(digits.count), let number = Int(digits), range.contains(number) else { return nil }
        rest = rest.dropFirst(digits.count)
        return number
    }
}
