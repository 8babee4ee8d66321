import ServiceKit
import Testing

@Suite("Schedules")
struct ScheduleExpressionTests {
    private static func time(_ text: String) throws -> Timestamp { try #require(Timestamp(iso8601: text)) }

    /// The next times of an expression, without their seconds' zeros.
    private static func next(
        _ text: String, after: String = "2024-01-31T10:00:00Z", zone: String = "UTC", count: Int = 1
    ) throws -> [String] {
        let expression = try #require(ScheduleExpression(text))
        let rules = try #require(TimeZoneRules.named(zone))
        var time = try time(after)
        let start = time
        return (0..<count).compactMap { _ in
            guard let due = expression.next(after: time, countingFrom: start, in: rules) else { return nil }
            time = due
            return due.iso8601()
        }
    }

    @Test(
        "by the calendar fall on the days that AWS's expressions name",
        arguments: [
            ("cron(15 10 * * ? *)", "2024-01-31T10:15:00Z"),
            ("cron(0 10 * * ? *)", "2024-02-01T10:00:00Z"),
            ("cron(0/15 * ? * * *)", "2024-01-31T10:15:00Z"),
            ("cron(50-55 9 ? * * *)", "2024-02-01T09:50:00Z"),
            ("cron(0 0 L * ? *)", "2024-02-29T00:00:00Z"),
            ("cron(0 0 L-1 2 ? *)", "2024-02-28T00:00:00Z"),
            ("cron(0 0 30 * ? *)", "2024-03-30T00:00:00Z"),
            ("cron(0 0 29 2 ? 2025-2030)", "2028-02-29T00:00:00Z"),
            ("cron(0 0 ? * 1 *)", "2024-02-04T00:00:00Z"),
            ("cron(0 0 ? * sun *)", "2024-02-04T00:00:00Z"),
            ("cron(0 0 ? * FRI-MON *)", "2024-02-02T00:00:00Z"),
            ("cron(0 0 ? * 6L *)", "2024-02-23T00:00:00Z"),
            ("cron(0 0 ? * L *)", "2024-02-03T00:00:00Z"),
            ("cron(0 0 ? * 2#1 *)", "2024-02-05T00:00:00Z"),
            ("cron(0 0 ? * 5#5 *)", "2024-02-29T00:00:00Z"),
            // 4 February 2024 is a Sunday, 1 June 2024 a Saturday, 30 June 2024 a Sunday.
            ("cron(0 0 4W 2 ? *)", "2024-02-05T00:00:00Z"),
            ("cron(0 0 1W 6 ? *)", "2024-06-03T00:00:00Z"),
            ("cron(0 0 LW 6 ? *)", "2024-06-28T00:00:00Z"),
            ("cron(0 0 1 JAN,JUL ? *)", "2024-07-01T00:00:00Z"),
        ])
    func calendar(expression: String, due: String) throws {
        #expect(try Self.next(expression) == [due])
    }

    @Test("that never come any more have no next time")
    func never() throws {
        #expect(try Self.next("cron(0 0 30 2 ? *)").isEmpty)
        #expect(try Self.next("cron(0 0 * * ? 2020)").isEmpty)
        #expect(try Self.next("at(2024-01-31T10:00:00)").isEmpty)
    }

    @Test("at a rate come again and again, without drifting")
    func rates() throws {
        #expect(
            try Self.next("rate(45 minutes)", count: 3) == [
                "2024-01-31T10:45:00Z", "2024-01-31T11:30:00Z", "2024-01-31T12:15:00Z",
            ])
    }

    @Test("go by the clocks of their zone, which leave an hour out in spring and show one twice in autumn")
    func zones() throws {
        let berlin = "Europe/Berlin"
        // At 2:00 on 31 March 2024 it is 3:00, at 3:00 on 27 October 2024 it is 2:00.
        #expect(
            try Self.next("cron(30 2 * * ? *)", after: "2024-03-29T12:00:00Z", zone: berlin, count: 3) == [
                "2024-03-30T01:30:00Z", "2024-04-01T00:30:00Z", "2024-04-02T00:30:00Z",
            ])
        #expect(
            try Self.next("cron(30 2 * * ? *)", after: "2024-10-26T12:00:00Z", zone: berlin, count: 2) == [
                "2024-10-27T00:30:00Z", "2024-10-28T01:30:00Z",
            ])
        #expect(try Self.next("at(2024-03-31T02:30:00)", zone: berlin).isEmpty)
        #expect(try Self.next("at(2024-07-01T08:00:00)", zone: "America/New_York") == ["2024-07-01T12:00:00Z"])
        #expect(try Self.next("at(2024-07-01T08:00:00)", zone: "Asia/Kolkata") == ["2024-07-01T02:30:00Z"])
        #expect(try Self.next("at(2024-07-01T08:00:00)", zone: "Etc/GMT+9") == ["2024-07-01T17:00:00Z"])
    }

    @Test(
        "go on by the zone's rule in the years behind its table",
        arguments: [
            ("Europe/Berlin", "2060-07-01T06:00:00Z", "2060-12-01T07:00:00Z"),
            ("America/New_York", "2060-07-01T12:00:00Z", "2060-12-01T13:00:00Z"),
            ("Australia/Sydney", "2060-06-30T22:00:00Z", "2060-11-30T21:00:00Z"),
            ("Europe/Dublin", "2060-07-01T07:00:00Z", "2060-12-01T08:00:00Z"),
            ("Asia/Tokyo", "2060-06-30T23:00:00Z", "2060-11-30T23:00:00Z"),
        ])
    func later(zone: String, july: String, december: String) throws {
        #expect(try Self.next("at(2060-07-01T08:00:00)", zone: zone) == [july])
        #expect(try Self.next("at(2060-12-01T08:00:00)", zone: zone) == [december])
    }

    @Test("of zones that are damaged are none", arguments: [0, 3, 19, 43, 44, 100, 500, 1000, 2000])
    func damage(length: Int) throws {
        let bytes = try FileBytes.read("/usr/share/zoneinfo/Europe/Berlin", limit: 1 << 17)
        #expect(TimeZoneRules(tzif: bytes) != nil)
        #expect(TimeZoneRules(tzif: Array(bytes.prefix(length))) == nil)
        var flipped = bytes
        // Counts of the first block: as large as they get.
        for position in 20..<44 { flipped[position] = 0xff }
        #expect(TimeZoneRules(tzif: flipped) == nil)
    }

    @Test(
        "do not look outside the folder of zones",
        arguments: ["../passwd", "/etc/passwd", "Europe", "", "a b", "No/Where"])
    func names(name: String) {
        #expect(TimeZoneRules.named(name) == nil)
    }
}
