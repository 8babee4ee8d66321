import ServiceKit
import TestSupport
import Testing

@Suite("A global table killed with SIGKILL under load")
struct GlobalTableCrashTests {
    private static let regions = ["us-east-1", "eu-west-1", "ap-south-1"]
    private static let writers = 24
    private static let rounds = 4
    /// All writers of all regions also write this one.
    private static let contested = "contested"

    @Test("loses no acknowledged write, ends up the same everywhere, and has one stream record a change and region")
    func killUnderLoad() async throws {
        try await TemporaryFolder.with { folder in
            let tables = try TablesProcess(folder: folder)
            defer { tables.kill() }
            try await tables.untilReady()
            try await Self.createGlobalTable(tables)
            let tally = CrashTally(writers: Self.writers, perRound: 300)
            for _ in 0..<Self.rounds {
                try await Self.writeUntilKilled(tables, tally)
                try tables.start()
                try await tables.untilReady()
                try await Self.check(tables, tally.acknowledged)
            }
            await tables.close()
        }
    }

    private static func createGlobalTable(_ tables: TablesProcess) async throws {
        try await tables.call(
            "CreateTable",
            """
            {"TableName":"table","BillingMode":"PAY_PER_REQUEST",\
            "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],\
            "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]}
            """)
        for region in regions.dropFirst() {
            try await tables.call("UpdateTable", GlobalTableTests.change("Create", region))
            try await until {
                let table = try await tables.call("DescribeTable", #"{"TableName":"table"}"#)["Table"]
                return (table?["Replicas"]?.elements ?? .none).allSatisfy { $0["ReplicaStatus"]?.string == "ACTIVE" }
            }
        }
    }

    /// Every writer counts an item of its own up in its region, and scribbles on the contested one.
    private static func writeUntilKilled(_ tables: TablesProcess, _ tally: CrashTally) async throws {
        tally.startRound()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    let region = regions[writer % regions.count]
                    guard var step = try? await number(of: "\(writer)", tables, region) else { return }
                    while !tally.isDone {
                        step += 1
                        let own = put("\(writer)", step)
                        guard (try? await tables.call("PutItem", own, in: region)) != nil else { return }
                        tally.note(step, by: writer)
                        guard (try? await tables.call("PutItem", put(contested, step), in: region)) != nil else {
                            return
                        }
                    }
                    // The others have writes under way.
                    tables.kill()
                }
            }
            try await group.waitForAll()
        }
    }

    private static func check(_ tables: TablesProcess, _ acknowledged: [Int]) async throws {
        var numbers: [Int] = []
        for writer in 0..<writers {
            numbers.append(try await number(of: "\(writer)", tables, regions[writer % regions.count]))
            #expect(numbers[writer] >= acknowledged[writer], "an acknowledged write is lost")
        }
        let home = numbers
        try await until {
            for region in regions {
                for writer in 0..<writers where try await number(of: "\(writer)", tables, region) != home[writer] {
                    return false
                }
            }
            return try await Set(regions.asyncMap { try await number(of: contested, tables, $0) }).count == 1
        }
        for region in regions {
            let streamed = try await streamedNumbers(tables, region)
            for writer in 0..<writers {
                #expect(
                    streamed["\(writer)", default: []] == Array(1..<home[writer] + 1),
                    "one record for each change of \(writer), in order, in \(region)")
            }
        }
    }

    private static func put(_ key: String, _ number: Int) -> String {
        #"{"TableName":"table","Item":{"p":{"S":"\#(key)"},"n":{"N":"\#(number)"}}}"#
    }

    private static func number(of key: String, _ tables: TablesProcess, _ region: String) async throws -> Int {
        let input = #"{"TableName":"table","Key":{"p":{"S":"\#(key)"}},"ConsistentRead":true}"#
        let output = try await tables.call("GetItem", input, in: region)
        return output["Item"]?["n"]?["N"]?.string.flatMap(Int.init) ?? 0
    }

    /// What the stream of a region says was written of each item.
    private static func streamedNumbers(_ tables: TablesProcess, _ region: String) async throws -> [String: [Int]] {
        func streams(_ operation: String, _ input: String = "{}") async throws -> JSONValue {
            try await tables.call(operation, input, service: "dynamodbstreams", in: region)
        }
        let list = try await streams("ListStreams")
        let arn = try #require(list["Streams"]?.elements.first { _ in true }?["StreamArn"]?.string)
        let stream = try await streams("DescribeStream", #"{"StreamArn":"\#(arn)"}"#)
        let shard = try #require(
            stream["StreamDescription"]?["Shards"]?.elements.first { _ in true }?["ShardId"]?.string)
        var iterator = try await streams(
            "GetShardIterator", #"{"StreamArn":"\#(arn)","ShardId":"\#(shard)","ShardIteratorType":"TRIM_HORIZON"}"#
        )["ShardIterator"]?.string
        var numbers: [String: [Int]] = [:]
        while let token = iterator {
            let page = try await streams("GetRecords", #"{"ShardIterator":"\#(token)"}"#)
            let records = Array(page["Records"]?.elements ?? .none)
            if records.isEmpty { break }
            for image in records.compactMap({ $0["dynamodb"]?["NewImage"] }) {
                guard let key = image["p"]?["S"]?.string, let number = image["n"]?["N"]?.string.flatMap(Int.init)
                else { continue }
                numbers[key, default: []].append(number)
            }
            iterator = page["NextShardIterator"]?.string
        }
        return numbers
    }

    /// Asks until it holds; what happens behind it has no other sign.
    private static func until(_ condition: () async throws -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while try await !condition() {
            try #require(ContinuousClock.now < limit, "the replicas do not become alike")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
