import Glibc
import ServiceKit
import TestSupport
import Testing

@Suite("Killed with SIGKILL under load")
struct CrashTests {
    private static let writers = 64
    /// How often it is killed; `TABLES_KILLS` says otherwise.
    private static let rounds = getenv("TABLES_KILLS").flatMap { Int(String(cString: $0)) } ?? 5

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
            let tally = CrashTally(writers: Self.writers, perRound: 300)
            var reader = StreamReader(tables)
            for _ in 0..<Self.rounds {
                try await Self.writeUntilKilled(tables, tally)
                try tables.start()
                try await tables.untilReady()
                try await Self.check(tables, tally.acknowledged, &reader)
            }
            await tables.close()
        }
    }

    /// Every writer counts its item up in both tables, one transaction a step, until the process is gone.
    private static func writeUntilKilled(_ tables: TablesProcess, _ tally: CrashTally) async throws {
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

    private static func check(
        _ tables: TablesProcess, _ acknowledged: [Int], _ reader: inout StreamReader
    ) async throws {
        try await reader.readOn()
        for writer in 0..<writers {
            let left = try await count(of: writer, in: "left", tables)
            let right = try await count(of: writer, in: "right", tables)
            #expect(left == right, "half a transaction")
            #expect(left >= acknowledged[writer], "an acknowledged write is lost")
            let streamed = reader.numbers[writer, default: []]
            #expect(streamed.count == left, "one record for each change")
            #expect(zip(streamed, 1...).allSatisfy { $0 == $1 }, "in order")
        }
    }

    private static func count(of writer: Int, in table: String, _ tables: TablesProcess) async throws -> Int {
        let output = try await tables.call("GetItem", #"{"TableName":"\#(table)","Key":{"p":{"S":"\#(writer)"}}}"#)
        return output["Item"]?["n"]?["N"]?.string.flatMap(Int.init) ?? 0
    }

    private static func table(_ name: String, _ more: String = "") -> String {
        """
        {"TableName":"\(name)","BillingMode":"PAY_PER_REQUEST",\
        "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],\
        "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]\(more)}
        """
    }
}

/// What the stream says each writer wrote. Reads on where it stopped, whatever happened to the process since.
private struct StreamReader {
    private let tables: TablesProcess
    private var iterator: String?
    private(set) var numbers: [Int: [Int]] = [:]

    init(_ tables: TablesProcess) { self.tables = tables }

    mutating func readOn() async throws {
        if iterator == nil { iterator = try await begin() }
        while let token = iterator {
            let page = try await call("GetRecords", #"{"ShardIterator":"\#(token)"}"#)
            iterator = page["NextShardIterator"]?.string
            let records = Array(page["Records"]?.elements ?? .none)
            if records.isEmpty { return }
            for image in records.compactMap({ $0["dynamodb"]?["NewImage"] }) {
                guard let writer = image["p"]?["S"]?.string.flatMap(Int.init),
                    let number = image["n"]?["N"]?.string.flatMap(Int.init)
                else { continue }
                numbers[writer, default: []].append(number)
            }
        }
    }

    private func begin() async throws -> String? {
        let list = try await call("ListStreams")
        let arn = try #require(list["Streams"]?.elements.first { _ in true }?["StreamArn"]?.string)
        let stream = try await call("DescribeStream", #"{"StreamArn":"\#(arn)"}"#)
        let shard = try #require(
            stream["StreamDescription"]?["Shards"]?.elements.first { _ in true }?["ShardId"]?.string)
        return try await call(
            "GetShardIterator", #"{"StreamArn":"\#(arn)","ShardId":"\#(shard)","ShardIteratorType":"TRIM_HORIZON"}"#
        )["ShardIterator"]?.string
    }

    private func call(_ operation: String, _ input: String = "{}") async throws -> JSONValue {
        try await tables.call(operation, input, service: "dynamodbstreams")
    }
}
