/// The date formats of the AWS wire, written and read without Foundation.
extension Timestamp {
    /// `2026-11-21T07:50:20Z`, with milliseconds where there are any or where asked.
    public func iso8601(milliseconds: Bool? = nil) -> String {
        var text: [UInt8] = []
        appendISO8601(milliseconds: milliseconds, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// As `iso8601`, without a text of its own.
    public func appendISO8601(milliseconds: Bool? = nil, to text: inout [UInt8]) {
        let date = CivilDate(self)
        text.append(date.year, digits: 4)
        text.append(UInt8(ascii: "-"))
        text.append(date.month, digits: 2)
        text.append(UInt8(ascii: "-"))
        text.append(date.day, digits: 2)
        text.append(UInt8(ascii: "T"))
        text.appendTime(of: date)
        if milliseconds ?? (date.millisecond != 0) {
            text.append(UInt8(ascii: "."))
            text.append(date.millisecond, digits: 3)
        }
        text.append(UInt8(ascii: "Z"))
    }

    /// `20261121T075020Z`, as in `X-Amz-Date`.
    public var iso8601Basic: String {
        let date = CivilDate(self)
        var text: [UInt8] = []
        text.reserveCapacity(16)
        text.append(date.year, digits: 4)
        text.append(date.month, digits: 2)
        text.append(date.day, digits: 2)
        text.append(UInt8(ascii: "T"))
        text.append(date.hour, digits: 2)
        text.append(date.minute, digits: 2)
        text.append(date.second, digits: 2)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// `20261121`, as in a credential scope.
    public var basicDate: String {
        let date = CivilDate(self)
        var text: [UInt8] = []
        text.reserveCapacity(8)
        text.append(date.year, digits: 4)
        text.append(date.month, digits: 2)
        text.append(date.day, digits: 2)
        return String(decoding: text, as: UTF8.self)
    }

    /// `Sat, 21 Nov 2026 07:50:20 GMT`: IMF-fixdate, RFC 9110 section 5.6.7.
    public var httpDate: String {
        let date = CivilDate(self)
        var text = Array(weekdays[date.weekday].utf8)
        text += Array(", ".utf8)
        text.append(date.day, digits: 2)
        text.append(UInt8(ascii: " "))
        text += Array(months[date.month - 1].utf8)
        text.append(UInt8(ascii: " "))
        text.append(date.year, digits: 4)
        text.append(UInt8(ascii: " "))
        text.appendTime(of: date)
        text += Array(" GMT".utf8)
        return String(decoding: text, as: UTF8.self)
    }

    /// `21/Nov/2026:07:50:20 +0000`, as in the Common Log Format.
    public var commonLogDate: String {
        let date = CivilDate(self)
        var text: [UInt8] = []
        text.reserveCapacity(26)
        text.append(date.day, digits: 2)
        text.append(UInt8(ascii: "/"))
        text += Array(months[date.month - 1].utf8)
        text.append(UInt8(ascii: "/"))
        text.append(date.year, digits: 4)
        text.append(UInt8(ascii: ":"))
        text.appendTime(of: date)
        text += Array(" +0000".utf8)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads `2026-11-21T07:50:20[.fff…](Z|±hh:mm)`; digits past milliseconds are dropped.
    public init?(iso8601 text: String) {
        var scanner = Scanner(text)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), scanner.skip("T") || scanner.skip("t"), let hour = scanner.number(2),
            scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"), let second = scanner.number(2)
        else { return nil }
        let millisecond = scanner.skip(".") ? scanner.fraction() : 0
        guard let millisecond, let offset = scanner.offset(), scanner.isAtEnd,
            let date = CivilDate(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second,
                millisecond: millisecond)
        else { return nil }
        self = date.timestamp - .seconds(offset)
    }

    /// Reads `20261121T075020Z`.
    public init?(iso8601Basic text: String) {
        // Every signed request has one: no scanner, which is several times as slow.
        let bytes = text.utf8Span.span
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z"),
            let year = bytes.number(0..<4), let month = bytes.number(4..<6), let day = bytes.number(6..<8),
            let hour = bytes.number(9..<11), let minute = bytes.number(11..<13), let second = bytes.number(13..<15),
            let date = CivilDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        self = date.timestamp
    }

    /// Reads IMF-fixdate; the obsolete forms of RFC 9110 are refused.
    public init?(httpDate text: String) {
        var scanner = Scanner(text)
        guard scanner.word(3) != nil, scanner.skip(","), scanner.skip(" "), let day = scanner.number(2),
            scanner.skip(" "), let name = scanner.word(3), let month = months.firstIndex(of: name), scanner.skip(" "),
            let year = scanner.number(4), scanner.skip(" "), let hour = scanner.number(2), scanner.skip(":"),
            let minute = scanner.number(2), scanner.skip(":"), let second = scanner.number(2), scanner.skip(" "),
            scanner.word(3) == "GMT", scanner.isAtEnd,
            let date = CivilDate(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        self = date.timestamp
    }
}

private let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
private let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

extension [UInt8] {
    fileprivate mutating func append(_ number: Int, digits: Int) {
        append(addingCapacity: digits) { span in
            var divisor = 1
            for _ in 1..<digits { divisor *= 10 }
            while divisor > 0 {
                span.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
                divisor /= 10
            }
        }
    }

    fileprivate mutating func appendTime(of date: CivilDate) {
        append(date.hour, digits: 2)
        append(UInt8(ascii: ":"))
        append(date.minute, digits: 2)
        append(UInt8(ascii: ":"))
        append(date.second, digits: 2)
    }
}

/// Fixed-width fields, left to right.
extension Span<UInt8> {
    /// The number that the digits there write; `nil` where other bytes stand.
    fileprivate func number(_ range: Range<Int>) -> Int? {
        var value = 0
        for index in range {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }
}

private struct Scanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number(_ digits: Int) -> Int? {
        guard rest.count >= digits else { return nil }
        var value = 0
        for byte in rest.prefix(digits) {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        rest = rest.dropFirst(digits)
        return value
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func word(_ length: Int) -> String? {
        guard rest.count >= length else { return nil }
        let word = String(Substring(rest.prefix(length)))
        rest = rest.dropFirst(length)
        return word
    }

    /// Milliseconds of a decimal fraction, one to nine digits.
    mutating func fraction() -> Int? {
        let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        let firstThree = digits.prefix(3).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return firstThree * [100, 10, 1][min(digits.count, 3) - 1]
    }

    /// Seconds east of Greenwich.
    mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int
        if skip("+") {
            sign = 1
        } else if skip("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
