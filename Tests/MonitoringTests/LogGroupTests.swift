import ServiceKit
import TestSupport
import Testing

@testable import CloudWatchLogs

@Suite("Log groups and streams")
struct LogGroupTests {
    @Test("Groups and streams are made once, described and deleted")
    func lifecycle() async throws {
        try await Logs.with { host in
            #expect(
                try await host.logsRefusal("CreateLogGroup", #"{"logGroupName":"app"}"#)
                    == "ResourceAlreadyExistsException: The specified log group already exists")
            #expect(
                try await host.logsRefusal("CreateLogStream", #"{"logGroupName":"app","logStreamName":"one"}"#)
                    == "ResourceAlreadyExistsException: The specified log stream already exists")
            let group = try #require(
                await host.logs("DescribeLogGroups", "{}")["logGroups"]?.elements.first { _ in true })
            #expect(group["logGroupName"]?.string == "app")
            #expect(group["arn"]?.string == "arn:aws:logs:us-east-1:000000000000:log-group:app:*")
            #expect(group["logGroupArn"]?.string == "arn:aws:logs:us-east-1:000000000000:log-group:app")
            #expect(group["creationTime"]?.int64 == 1_700_000_000_000)
            try await host.put(["hello"])
            let output = try await host.logs("DescribeLogStreams", #"{"logGroupName":"app"}"#)
            let stream = try #require(output["logStreams"]?.elements.first { _ in true })
            #expect(stream["firstEventTimestamp"]?.int64 == 1_700_000_000_000)
            #expect(stream["arn"]?.string == "arn:aws:logs:us-east-1:000000000000:log-group:app:log-stream:one")
            try await host.logs("DeleteLogStream", #"{"logGroupName":"app","logStreamName":"one"}"#)
            #expect(
                try await host.logsRefusal("GetLogEvents", #"{"logGroupName":"app","logStreamName":"one"}"#)
                    == "ResourceNotFoundException: The specified log stream does not exist.")
            #expect(try await host.logs("FilterLogEvents", #"{"logGroupName":"app"}"#).messages.isEmpty)
            try await host.logs("DeleteLogGroup", #"{"logGroupName":"app"}"#)
            #expect(
                try await host.logsRefusal("DescribeLogStreams", #"{"logGroupName":"app"}"#)
                    == "ResourceNotFoundException: The specified log group does not exist.")
            // The name is free at once, and the new group is empty.
            try await host.logs("CreateLogGroup", #"{"logGroupName":"app"}"#)
            #expect(
                try await host.logs("DescribeLogStreams", #"{"logGroupName":"app"}"#)["logStreams"]?.elements
                    .map { $0 }.isEmpty == true)
        }
    }

    @Test("Groups are listed by prefix or by a part of their names, in pages")
    func listGroups() async throws {
        try await Logs.with { host in
            for name in ["/aws/lambda/a", "/aws/lambda/b", "/aws/lambda/c", "/web/lambda"] {
                try await host.logs("CreateLogGroup", #"{"logGroupName":"\#(name)"}"#)
            }
            let first = try await host.logs("DescribeLogGroups", #"{"logGroupNamePrefix":"/aws","limit":2}"#)
            #expect(names(first) == ["/aws/lambda/a", "/aws/lambda/b"])
            let token = try host.requireText(first, "nextToken")
            let second = try await host.logs(
                "DescribeLogGroups", #"{"logGroupNamePrefix":"/aws","limit":2,"nextToken":"\#(token)"}"#)
            #expect(names(second) == ["/aws/lambda/c"])
            #expect(second["nextToken"] == nil)
            #expect(try await names(host.logs("DescribeLogGroups", #"{"logGroupNamePattern":"lambda"}"#)).count == 4)
            #expect(
                try await host.logsRefusal("DescribeLogGroups", #"{"nextToken":"abcd"}"#)
                    == "InvalidParameterException: The specified nextToken is invalid.")
        }
    }

    private func names(_ output: JSONValue) -> [String] {
        output["logGroups"]?.elements.compactMap { $0["logGroupName"]?.string } ?? []
    }

    @Test("Streams are listed by name or by their last event, in pages either way")
    func listStreams() async throws {
        try await Logs.with { host in
            for name in ["two", "three"] {
                try await host.logs("CreateLogStream", #"{"logGroupName":"app","logStreamName":"\#(name)"}"#)
            }
            try await host.put(["late"], to: "three", from: 10)
            try await host.put(["early"], to: "two", from: 5)
            #expect(try await streams(host, #""descending":false"#) == ["one", "three", "two"])
            #expect(
                try await streams(host, #""orderBy":"LastEventTime","descending":true"#) == ["three", "two", "one"])
            #expect(try await streams(host, #""logStreamNamePrefix":"t""#) == ["three", "two"])
            #expect(
                try await host.logsRefusal(
                    "DescribeLogStreams", #"{"logGroupName":"app","orderBy":"LastEventTime","logStreamNamePrefix":"t"}"#
                )
                    == "InvalidParameterException: Cannot order by LastEventTime with a logStreamNamePrefix.")
        }
    }

    /// All pages of one, one after another.
    private func streams(_ host: TestHost, _ input: String) async throws -> [String] {
        var names: [String] = []
        var token = ""
        repeat {
            let output = try await host.logs(
                "DescribeLogStreams", #"{"logGroupName":"app","limit":1,\#(input)\#(token)}"#)
            names += output["logStreams"]?.elements.compactMap { $0["logStreamName"]?.string } ?? []
            token = output["nextToken"]?.string.map { #","nextToken":"\#($0)""# } ?? ""
        } while !token.isEmpty
        return names
    }

    @Test("A group forgets events past its retention, and only those")
    func retention() async throws {
        try await Logs.with { host in
            try await host.put(["old"])
            #expect(
                try await host.logsRefusal("PutRetentionPolicy", #"{"logGroupName":"app","retentionInDays":2}"#)?
                    .hasPrefix("InvalidParameterException: 1 validation error detected: Value '2' at 'retentionInDays'")
                    == true)
            try await host.logs("PutRetentionPolicy", #"{"logGroupName":"app","retentionInDays":3}"#)
            host.clock.advance(by: .seconds(3 * 86_400 + 1))
            try await host.put(["new"])
            host.host.startWorkers()
            try await host.until {
                try await host.logs("FilterLogEvents", #"{"logGroupName":"app"}"#).messages == ["new"]
            }
            let output = try await host.logs("DescribeLogGroups", "{}")
            let group = try #require(output["logGroups"]?.elements.first { _ in true })
            #expect(group["retentionInDays"]?.int64 == 3)
            #expect(group["storedBytes"]?.int64 == 29)
        }
    }

    @Test("Tags are kept under the group's ARN and its name alike")
    func tags() async throws {
        try await Logs.with { host in
            let arn = "arn:aws:logs:us-east-1:000000000000:log-group:app"
            try await host.logs("TagResource", #"{"resourceArn":"\#(arn)","tags":{"a":"1","b":"2"}}"#)
            try await host.logs("UntagLogGroup", #"{"logGroupName":"app","tags":["a"]}"#)
            let output = try await host.logs("ListTagsForResource", #"{"resourceArn":"\#(arn)"}"#)
            #expect(try [String: String](json: #require(output["tags"])) == ["b": "2"])
        }
    }
}

extension TestHost {
    func requireText(_ output: JSONValue, _ member: String) throws -> String {
        guard let text = output[member]?.string else { throw MemberError.missing(member) }
        return text
    }
}
