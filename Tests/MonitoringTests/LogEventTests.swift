import ServiceKit
import TestSupport
import Testing

@testable import CloudWatchLogs

@Suite("Log events")
struct LogEventTests {
    @Test("A stream is read to its end and back, and the end is told by the caller's own token")
    func paging() async throws {
        try await Logs.with { host in
            try await host.put((1...5).map(String.init))
            let stream = #""logGroupName":"app","logStreamName":"one","limit":2"#
            var token = ""
            var pages: [[String]] = []
            var last = JSONValue?.none
            for _ in 1...4 {
                let output = try await host.logs("GetLogEvents", "{\(stream),\"startFromHead\":true\(token)}")
                pages.append(output.messages)
                token = #","nextToken":"\#(try host.requireText(output, "nextForwardToken"))""#
                last = output
            }
            #expect(pages == [["1", "2"], ["3", "4"], ["5"], []])
            let end = try host.requireText(#require(last), "nextForwardToken")
            let again = try await host.logs("GetLogEvents", #"{\#(stream),"nextToken":"\#(end)"}"#)
            #expect(try host.requireText(again, "nextForwardToken") == end)

            let newest = try await host.logs("GetLogEvents", "{\(stream)}")
            #expect(newest.messages == ["4", "5"])
            let back = try host.requireText(newest, "nextBackwardToken")
            #expect(
                try await host.logs("GetLogEvents", #"{\#(stream),"nextToken":"\#(back)"}"#).messages == ["2", "3"])
            try await host.put(["6"], from: 5)
            #expect(try await host.logs("GetLogEvents", #"{\#(stream),"nextToken":"\#(end)"}"#).messages == ["6"])
        }
    }

    @Test("The start of a range of times is in it, the end is not")
    func times() async throws {
        try await Logs.with { host in
            try await host.put(["0", "1", "2", "3"])
            let (start, end) = (host.clock.now.milliseconds + 1000, host.clock.now.milliseconds + 3000)
            let range = #""logGroupName":"app","startTime":\#(start),"endTime":\#(end)"#
            #expect(try await host.logs("GetLogEvents", #"{\#(range),"logStreamName":"one"}"#).messages == ["1", "2"])
            // FilterLogEvents takes the end in.
            #expect(try await host.logs("FilterLogEvents", "{\(range)}").messages == ["1", "2", "3"])
        }
    }

    @Test("A batch that is out of order or too large is refused, events too old or too new are told")
    func batches() async throws {
        try await Logs.with { host in
            let now = host.clock.now.milliseconds
            func put(_ times: [Int64], _ message: String = "x") async throws -> (JSONValue?, String?) {
                let events = times.map { #"{"timestamp":\#(now + $0),"message":"\#(message)"}"# }.joined(separator: ",")
                let input = #"{"logGroupName":"app","logStreamName":"one","logEvents":[\#(events)]}"#
                do {
                    return (try await host.logs("PutLogEvents", input)["rejectedLogEventsInfo"], nil)
                } catch let error as ServiceError {
                    return (nil, error.message)
                }
            }
            #expect(
                try await put([5, 4]).1
                    == "Log events in a single PutLogEvents request must be in chronological order.")
            #expect(
                try await put([0, 1], String(repeating: "x", count: 600_000)).1
                    == "Upload too large: 1200052 bytes exceeds limit of 1048576")
            #expect(
                try await put([-90_000_000, 0]).1
                    == "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
            let day: Int64 = 86_400_000
            let rejection = try #require(await put([-15 * day, -14 * day - 1, 0, 7_200_001]).0)
            #expect(rejection["tooOldLogEventEndIndex"]?.int64 == 2)
            #expect(rejection["tooNewLogEventStartIndex"]?.int64 == 3)
            #expect(try await host.logs("FilterLogEvents", #"{"logGroupName":"app"}"#).messages == ["x"])
            let nowhere = #"{"logGroupName":"app","logStreamName":"x","logEvents":[{"timestamp":1,"message":"x"}]}"#
            #expect(
                try await host.logsRefusal("PutLogEvents", nowhere)
                    == "ResourceNotFoundException: The specified log stream does not exist.")
        }
    }

    @Test("A search goes through all streams in the order of time, or through some, in pages")
    func filter() async throws {
        try await Logs.with { host in
            for name in ["two", "other"] {
                try await host.logs("CreateLogStream", #"{"logGroupName":"app","logStreamName":"\#(name)"}"#)
            }
            try await host.put(["ERROR a", "fine", "ERROR c"], to: "one")
            try await host.put(["ERROR b", "ERROR d"], to: "two", from: 1)
            try await host.put(["ERROR z"], to: "other", from: 9)
            var token = ""
            var found: [String] = []
            repeat {
                let output = try await host.logs(
                    "FilterLogEvents", #"{"logGroupName":"app","filterPattern":"ERROR","limit":2\#(token)}"#)
                found += output.messages
                token = output["nextToken"]?.string.map { #","nextToken":"\#($0)""# } ?? ""
            } while !token.isEmpty
            #expect(found == ["ERROR a", "ERROR b", "ERROR c", "ERROR d", "ERROR z"])
            #expect(
                try await host.logs("FilterLogEvents", #"{"logGroupName":"app","logStreamNames":["two"]}"#).messages
                    == ["ERROR b", "ERROR d"])
            #expect(
                try await host.logs("FilterLogEvents", #"{"logGroupName":"app","logStreamNamePrefix":"o"}"#).messages
                    == ["ERROR a", "fine", "ERROR c", "ERROR z"])
        }
    }

    @Test("Events are there after the process ends and starts again")
    func durability() async throws {
        try await TemporaryFolder.with { folder in
            for message in ["first", "second"] {
                try await TestHost.with("monitoring", folder: folder, { [try CloudWatchLogs.service(on: $0)] }) {
                    host in
                    _ = try? await host.logs("CreateLogGroup", #"{"logGroupName":"app"}"#)
                    _ = try? await host.logs("CreateLogStream", #"{"logGroupName":"app","logStreamName":"one"}"#)
                    try await host.put([message])
                    let kept = try await host.logs("FilterLogEvents", #"{"logGroupName":"app"}"#).messages
                    #expect(kept == (message == "first" ? ["first"] : ["first", "second"]))
                }
            }
        }
    }
}
