/// When something recurs, in the six fields of AWS's schedules: `0 8 ? * MON-FRI *`.
///
/// Minutes, hours, day of the month, month, day of the week, year; one of the two days is `?`.
///
/// [Reference](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html)
public struct CronExpression: Sendable, Hashable {
    private static let lastYear = 2199
    private static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]

    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: CronDays
    private let months: Set<Int>
    private let years: Set<Int>

    /// `nil` for what is none.
    public init?(_ text: String) {
        let fields = text.split { $0 == " " || $0 == "\t" }
        guard fields.count == 6, let minutes = CronField(fields[0], in: 0...59),
            let hours = CronField(fields[1], in: 0...23), let days = CronDays(ofMonth: fields[2], ofWeek: fields[4]),
            let months = CronField(fields[3], in: 1...12, names: Self.months),
            let years = CronField(fields[5], in: 1970...Self.lastYear)
        else { return nil }
        self.minutes = minutes.values
        self.hours = hours.values
        self.days = days
        self.months = months.values
        self.years = years.values
    }

    /// The first minute that matches at `date` or later; `nil` where none ever comes.
    public func next(from date: CivilDate) -> CivilDate? {
        for year in date.year...max(date.year, Self.lastYear) where years.contains(year) {
            let isFirst = year == date.year
            for month in (isFirst ? date.month : 1)...12 where months.contains(month) {
                let first = isFirst && month == date.month ? date.day : 1
                for day in first...CivilDate.days(inMonth: month, of: year) {
                    guard let midnight = CivilDate(year: year, month: month, day: day), days.match(midnight),
                        let found = time(on: midnight, notBefore: date)
                    else { continue }
                    return found
                }
            }
        }
        return nil
    }

    private func time(on midnight: CivilDate, notBefore date: CivilDate) -> CivilDate? {
        let earliest = date.timestamp
        for hour in hours.sorted() {
            for minute in minutes.sorted() {
                var time = midnight
                time.hour = hour
                time.minute = minute
                if time.timestamp >= earliest { return time }
            }
        }
        return nil
    }
}

/// One field of numbers: `5`, `1,15`, `10-20`, `*/5`, `MON-FRI`.
struct CronField {
    private(set) var values: Set<Int> = []

    /// - Parameter names: of the values, from the first one on.
    init?(_ text: Substring, in range: ClosedRange<Int>, names: [String] = []) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard (1...2).contains(pieces.count), let span = Self.span(pieces[0], range, names, pieces.count == 2),
                let step = pieces.count == 1 ? 1 : Int(pieces[1]), step > 0
            else { return nil }
            values.formUnion(stride(from: 0, to: span.count, by: step).map { span[$0] })
        }
    }

    /// The values that a part covers, in their order; a range may go over the end: `FRI-MON`.
    private static func span(
        _ text: Substring, _ range: ClosedRange<Int>, _ names: [String], _ isStepped: Bool
    ) -> [Int]? {
        if text == "*" { return Array(range) }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(ends.count), let first = number(ends[0], range, names) else { return nil }
        guard ends.count == 2 else { return isStepped ? Array(first...range.upperBound) : [first] }
        guard let last = number(ends[1], range, names) else { return nil }
        if first <= last { return Array(first...last) }
        return names.isEmpty ? nil : Array(first...range.upperBound) + Array(range.lowerBound...last)
    }

    /// A number in the range, or the name that stands for one.
    static func number(_ text: Substring, _ range: ClosedRange<Int>, _ names: [String]) -> Int? {
        if let position = names.firstIndex(of: text.uppercased()) { return range.lowerBound + position }
        guard text.count <= 4, text.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(text),
            range.contains(number)
        else { return nil }
        return number
    }
}
