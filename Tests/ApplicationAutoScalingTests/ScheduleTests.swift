import ServiceKit
import TestSupport
import Testing

@testable import ApplicationAutoScaling

@Suite("Scheduled actions")
struct ScheduleTests {
    /// 2023-11-14T22:13:20Z, when the clock of tests begins.
    private static func action(
        _ schedule: String, _ bounds: String = #""MinCapacity":7,"MaxCapacity":9"#, name: String = "action",
        more: String = ""
    ) -> String {
        ScalingHost.target()
            + #","ScheduledActionName":"\#(name)","Schedule":"\#(schedule)","ScalableTargetAction":{\#(bounds)}\#(more)"#
    }

    private static func withTarget(_ body: (ScalingHost) async throws -> Void) async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            try await db.register()
            try await body(db)
        }
    }

    /// Lets time pass until what is due next, and does it.
    private static func next(_ db: ScalingHost) async throws -> Timestamp? {
        var due = try await db.scaler.step(at: db.clock.now)
        if let time = due {
            db.clock.advance(by: time - db.clock.now)
            due = try await db.scaler.step(at: db.clock.now)
        }
        return due
    }

    @Test("give the target other bounds, which bring its capacity with them")
    func bounds() async throws {
        try await Self.withTarget { db in
            try await db.call("PutScheduledAction", Self.action("at(2023-11-14T22:20:00)"))
            #expect(try await db.scaler.step(at: db.clock.now) == Timestamp(iso8601: "2023-11-14T22:20:00Z"))
            #expect(try await db.capacity() == "5/5")
            _ = try await Self.next(db)
            #expect(try await db.capacity() == "5/7")
            #expect(
                try await db.activities() == [
                    "Setting write capacity units to 7.", "Setting min capacity to 7 and max capacity to 9",
                ])
            #expect(
                try await db.activities("Cause") == [
                    "minimum capacity was set to 7", "scheduled action name action was triggered",
                ])
            #expect(
                try await db.activities("StatusMessage").last
                    == "Successfully set min capacity to 7 and max capacity to 9")
            // Once is once.
            #expect(try await db.scaler.step(at: db.clock.now) == nil)
            let target = try await db.call("DescribeScalableTargets")["ScalableTargets"]?.elements.first { _ in true }
            #expect(target?["MinCapacity"]?.int64 == 7 && target?["MaxCapacity"]?.int64 == 9)
        }
    }

    @Test("recur by rate, by the calendar, and by the clocks of a time zone")
    func recurrence() async throws {
        // 1700438400 is 2023-11-20T00:00:00Z, 1700524800 a day later. What is not said stays as it was before.
        let expected: [(schedule: String, more: String, due: String)] = [
            ("rate(5 minutes)", "", "2023-11-14T22:18:20Z"),
            ("rate(1 day)", "", "2023-11-15T22:13:20Z"),
            ("cron(0 8 ? * MON-FRI *)", "", "2023-11-15T08:00:00Z"),
            ("cron(0 8 ? * MON-FRI *)", #","Timezone":"Europe/Berlin""#, "2023-11-15T07:00:00Z"),
            ("at(2023-11-15T00:00:00)", "", "2023-11-14T23:00:00Z"),
            ("at(2023-11-15T00:00:00)", #","Timezone":"America/New_York""#, "2023-11-15T05:00:00Z"),
            ("at(2023-11-14T00:00:00)", #","Timezone":"UTC""#, "never"),
            ("rate(1 hour)", #","StartTime":1700438400"#, "2023-11-20T00:00:00Z"),
            ("cron(30 * * * ? *)", #","StartTime":1700438400"#, "2023-11-20T00:30:00Z"),
            ("cron(0 12 1 * ? *)", #","StartTime":1700438400,"EndTime":1700524800"#, "never"),
        ]
        try await Self.withTarget { db in
            for (schedule, more, due) in expected {
                try await db.call("PutScheduledAction", Self.action(schedule, more: more))
                let next = try await db.scaler.step(at: db.clock.now)
                #expect((next?.iso8601() ?? "never") == due, "\(schedule)\(more)")
            }
        }
    }

    @Test("happen again and again, and once for all the times that were missed")
    func repetition() async throws {
        try await Self.withTarget { db in
            try await db.call("PutScheduledAction", Self.action("rate(10 minutes)"))
            for _ in 0..<3 { _ = try await Self.next(db) }
            #expect(try await db.activities().filter { $0.hasPrefix("Setting min") }.count == 3)
            db.clock.advance(by: .seconds(3600))
            _ = try await db.scaler.step(at: db.clock.now)
            #expect(try await db.activities().filter { $0.hasPrefix("Setting min") }.count == 4)
            #expect(try await db.scaler.step(at: db.clock.now) == db.clock.now + .seconds(600))
        }
    }

    @Test("due while nobody was there happen after a restart")
    func restart() async throws {
        try await TemporaryFolder.with { folder in
            try await ScalingHost.with(folder: folder) { db in
                try await db.createTable()
                try await db.register()
                try await db.call("PutScheduledAction", Self.action("at(2023-11-14T22:14:00)"))
            }
            try await ScalingHost.with(folder: folder) { db in
                db.clock.advance(by: .seconds(300))
                _ = try await db.scaler.step(at: db.clock.now)
                #expect(try await db.capacity() == "5/7")
            }
        }
    }

    @Test("rest while they are suspended, and are not made up for")
    func suspension() async throws {
        try await Self.withTarget { db in
            try await db.call("PutScheduledAction", Self.action("rate(10 minutes)"))
            func suspend(_ isSuspended: Bool) async throws {
                try await db.call(
                    "RegisterScalableTarget",
                    ScalingHost.target() + #","SuspendedState":{"ScheduledScalingSuspended":\#(isSuspended)}"#)
            }
            try await suspend(true)
            _ = try await Self.next(db)
            #expect(try await db.capacity() == "5/5")
            try await suspend(false)
            _ = try await db.scaler.step(at: db.clock.now)
            #expect(try await db.capacity() == "5/5")
            _ = try await Self.next(db)
            #expect(try await db.capacity() == "5/7")
        }
    }

    @Test("fail where their bounds do not fit the target's")
    func misfit() async throws {
        try await Self.withTarget { db in
            try await db.call("PutScheduledAction", Self.action("rate(1 minute)", #""MinCapacity":500"#))
            _ = try await Self.next(db)
            #expect(
                try await db.activities("StatusMessage") == [
                    "Failed to set min capacity to 500. Reason: Maximum capacity cannot be less than minimum capacity"
                ])
            #expect(try await db.activities("StatusCode") == ["Failed"])
        }
    }

    @Test("are described, replaced and deleted by name")
    func names() async throws {
        try await Self.withTarget { db in
            try await db.call(
                "PutScheduledAction", Self.action("rate(1 hour)", name: "a", more: #","EndTime":1800000000"#))
            try await db.call("PutScheduledAction", Self.action("rate(2 hours)", name: "b"))
            let output = try await db.call("DescribeScheduledActions", #","ScheduledActionNames":["a"]"#)
            let action = output["ScheduledActions"]?.elements.first { _ in true }
            let arn = try #require(action?["ScheduledActionARN"]?.string)
            #expect(arn.hasPrefix("arn:aws:autoscaling:us-east-1:000000000000:scheduledAction:"))
            #expect(arn.hasSuffix(":resource/dynamodb/table/songs:scheduledActionName/a"))
            #expect(action?["EndTime"]?.int64 == 1_800_000_000 && action?["Schedule"]?.string == "rate(1 hour)")
            #expect(
                String(decoding: action?["ScalableTargetAction"]?.rawBytes ?? [], as: UTF8.self)
                    == #"{"MinCapacity":7,"MaxCapacity":9}"#)
            // Times that are not said are gone.
            try await db.call("PutScheduledAction", ScalingHost.target() + #","ScheduledActionName":"a""#)
            let again = try await db.call("DescribeScheduledActions", #","ScheduledActionNames":["a"]"#)
            #expect(again["ScheduledActions"]?.elements.first { _ in true }?["EndTime"] == nil)
            let input = ScalingHost.target() + #","ScheduledActionName":"a""#
            try await db.call("DeleteScheduledAction", input)
            #expect(
                try await db.error("DeleteScheduledAction", input)
                    == "ObjectNotFoundException: No scheduled action found for service namespace: dynamodb, resource "
                    + "ID: table/songs, scalable dimension: dynamodb:table:WriteCapacityUnits, scheduled action name: a"
            )
        }
    }

    @Test(
        "are refused with schedules that are none",
        arguments: [
            "", "at()", "at(tomorrow)", "at(2023-13-01T00:00:00)", "rate(0 minutes)", "rate(-1 hours)", "rate(5)",
            "rate(99999999999999999999 days)", "rate(1 fortnight)", "cron(* * * * *)", "cron(0 8 * * MON *)",
            "cron(60 8 ? * * *)", "cron(0 24 ? * * *)", "cron(0 8 ? 13 * *)", "cron(0 8 ? * 8 *)", "cron(0 8 32 * ? *)",
            "cron(0 8 ? * * 2200)", "cron(*/0 8 ? * * *)", "cron(, 8 ? * * *)", "cron(0 8 ? * 6#9 *)", "every day",
        ])
    func badSchedules(schedule: String) async throws {
        try await Self.withTarget { db in
            let error = try await db.error("PutScheduledAction", Self.action(schedule))
            #expect(error.hasPrefix("ValidationException"), "\(error)")
        }
    }

    @Test("are refused with names, bounds, zones and times that are none")
    func refusals() async throws {
        try await Self.withTarget { db in
            func error(_ input: String) async throws -> String { try await db.error("PutScheduledAction", input) }
            #expect(
                try await error(Self.action("rate(1 hour)", ""))
                    == "ValidationException: At least one of minimum capacity and maximum capacity should be provided")
            #expect(
                try await error(Self.action("rate(1 hour)", #""MinCapacity":9,"MaxCapacity":7"#))
                    == "ValidationException: Maximum capacity cannot be less than minimum capacity")
            for zone in ["Nowhere/Land", "../../etc/passwd", "/etc/passwd", "", "Europe"] {
                let error = try await error(Self.action("rate(1 hour)", more: #","Timezone":"\#(zone)""#))
                #expect(error.hasPrefix("ValidationException"), "\(zone): \(error)")
            }
            #expect(
                try await error(Self.action("rate(1 hour)", more: #","StartTime":2,"EndTime":1"#)).contains("EndTime"))
            for name in [" a", "a ", "a:b", "a/b", "a|b", "a\\u0007"] {
                #expect(
                    try await error(Self.action("rate(1 hour)", name: name)).hasPrefix("ValidationException"),
                    "\(name)")
            }
            let other = ScalingHost.target(ScalingHost.read)
            #expect(
                try await error(
                    other
                        + #","ScheduledActionName":"a","Schedule":"rate(1 hour)","ScalableTargetAction":{"MinCapacity":1}"#
                )
                    == "ObjectNotFoundException: No scalable target registered for service namespace: dynamodb, "
                    + "resource ID: table/songs, scalable dimension: dynamodb:table:ReadCapacityUnits")
        }
    }

    @Test("wake the worker when they are put, and it sleeps until they are due")
    func worker() async throws {
        try await Self.withTarget { db in
            db.host.host.startWorkers()
            try await db.call("PutScheduledAction", Self.action("at(2023-11-14T22:20:00)"))
            let due = try #require(Timestamp(iso8601: "2023-11-14T22:20:00Z"))
            try await db.host.until {
                // The worker may not have looked yet: the clock goes on under it.
                db.clock.advance(by: db.clock.now < due ? .seconds(60) : .milliseconds(1))
                return try await db.capacity() == "5/7"
            }
            #expect(db.clock.now >= due)
        }
    }
}
