import ServiceKit
import Synchronization
import TestSupport
import Testing

@Suite("Killed with SIGKILL under load")
struct CrashTests {
    private static let writers = 32
    private static let rounds = 5

    @Test(
        "tables lose no acknowledged write, keep no half of a transaction, and have one stream record for each change")
    func killUnderLoad() async throws {
        try await TemporaryFolder.with { folder in
            let tables = try TablesProcess(folder: folder)
            try await tables.untilReady()
            try await tables.call(
                "CreateTable",
                Self.table("left", #","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}"#))
            try await tables.call("CreateTable", Self.table("right"))
            let tally = Tally()
            for _ in 0..<Self.rounds {
                try await Self.writeUntilKilled(tables, tally)
                try tables.start()
                try await tables.untilReady()
                try await Self.check(tables, tally.acknowledged)
            }
            await tables.close()
        }
    }

    /// What was acknowledged, by writer, and whether it is time to kill.
    private final class Tally: Sendable {
        private let steps = Mutex([Int](repeating: 0, count: writers))
        private let goal = Mutex(0)

        var acknowledged: [Int] { steps.withLock { $0 } }
        /// True from the goal on.
        var isDone: Bool { acknowledged.reduce(0, +) >= goal.withLock { $0 } }

        func startRound() { goal.withLock { $0 = acknowledged.reduce(0, +) + 300 } }
        func note(_ step: Int, by writer: Int) { steps.withLock { $0[writer] = step } }
    }

    /// Every writer counts its item up in both tables, one transaction a step, until the process is gone.
    private static func writeUntilKilled(_ tables: TablesProcess, _ tally: Tally) async throws {
        tally.startRound()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    guard var step = try? await count(of: writer, in: "left", tables) else { return }
                    while !tally.isDone {
                        step += 1
                        let puts = ["left", "right"].map {
                            #"{"Put":{"TableName":"\#($0)","Item":{"p":{"S":"\#(writer)"},"n":{"N":"\#(step)"}}}}"#
                        }
                        let input = #"{"TransactItems":[\#(puts.joined(separator: ","))]}"#
                        guard (try? await tables.call("TransactWriteItems", input)) != nil else { return }
                        tally.note(step, by: writer)
                    }
                    // The others have writes under way.
                    tables.kill()
                }
            }
            try await group.waitForAll()
        }
    }

    private static func check(_ tables: TablesProcess, _ acknowledged: [Int]) async throws {
        let streamed = try await streamedNumbers(tables)
        for writer in 0..<writers {
            let left = try await count(of: writer, in: "left", tables)
            let right = try await count(of: writer, in: "right", tables)
            #expect(left == right, "half a transaction")
            #expect(left >= acknowledged[writer], "an acknowledged write is lost")
            #expect(streamed[writer, default: []] == Array(1..<left + 1), "one record for each change, in order")
        }
    }

    private static func count(of writer: Int, in table: String, _ tables: TablesProcess) async throws -> Int {
        let output = try await tables.call("GetItem", #"{"TableName":"\#(table)","Key":{"p":{"S":"\#(writer)"}}}"#)
        return output["Item"]?["n"]?["N"]?.string.flatMap(Int.init) ?? 0
    }

    /// What the stream says each writer wrote.
    private static func streamedNumbers(_ tables: TablesProcess) async throws -> [Int: [Int]] {
        let service = "dynamodbstreams"
        let list = try await tables.call("ListStreams", service: service)
        let arn = try #require(list["Streams"]?.elements.first { _ in true }?["StreamArn"]?.string)
        let stream = try await tables.call("DescribeStream", #"{"StreamArn":"\#(arn)"}"#, service: service)
        let shard = try #require(
            stream["StreamDescription"]?["Shards"]?.elements.first { _ in true }?["ShardId"]?.string)
        var iterator = try await tables.call(
            "GetShardIterator", #"{"StreamArn":"\#(arn)","ShardId":"\#(shard)","ShardIteratorType":"TRIM_HORIZON"}"#,
            service: service)["ShardIterator"]?.string
        var numbers: [Int: [Int]] = [:]
        while let token = iterator {
            let page = try await tables.call("GetRecords", #"{"ShardIterator":"\#(token)"}"#, service: service)
            let records = Array(page["Records"]?.elements ?? .none)
            if records.isEmpty { break }
            for image in records.compactMap({ $0["dynamodb"]?["NewImage"] }) {
                guard let writer = image["p"]?["S"]?.string.flatMap(Int.init),
                    let number = image["n"]?["N"]?.string.flatMap(Int.init)
                else { continue }
                numbers[writer, default: []].append(number)
            }
            iterator = page["NextShardIterator"]?.string
        }
        return numbers
    }

    private static func table(_ name: String, _ more: String = "") -> String {
        """
        {"TableName":"\(name)","BillingMode":"PAY_PER_REQUEST",\
        "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],\
        "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]\(more)}
        """
    }
}
