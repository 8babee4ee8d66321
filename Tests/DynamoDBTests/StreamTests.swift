import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Streams")
struct StreamTests {
    static func table(_ db: DynamoDBHost, _ view: String = "NEW_AND_OLD_IMAGES") async throws {
        try await db.createTable(more: #","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"\#(view)"}"#)
    }

    @Test("hold one record for each change, in order, and none for what changed nothing")
    func records() async throws {
        try await DynamoDBHost.with { db in
            try await Self.table(db)
            try await db.put(#"{"p":{"S":"a"},"v":{"N":"1"}}"#)
            try await db.put(#"{"p":{"S":"a"},"v":{"N":"1.0"}}"#)
            try await db.put(#"{"p":{"S":"a"},"v":{"N":"2"}}"#)
            try await db.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"none"}}}"#)
            try await db.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"a"}}}"#)
            let records = try await db.records()
            #expect(records.map { $0["eventName"]?.string } == ["INSERT", "MODIFY", "REMOVE"])
            let change = try #require(records[1]["dynamodb"])
            #expect(change["Keys"].map { String(decoding: $0.rawBytes, as: UTF8.self) } == #"{"p":{"S":"a"}}"#)
            #expect(change["OldImage"]?["v"]?["N"]?.string == "1")
            #expect(change["NewImage"]?["v"]?["N"]?.string == "2")
            #expect(records[0]["dynamodb"]?["OldImage"] == nil)
            #expect(records[2]["dynamodb"]?["NewImage"] == nil)
            let numbers = records.compactMap { $0["dynamodb"]?["SequenceNumber"]?.string }
            #expect(numbers == numbers.sorted() && numbers.allSatisfy { $0.utf8.count >= 21 })
            #expect(Set(records.compactMap { $0["eventID"]?.string }).count == 3)
        }
    }

    @Test("show what their view shows", arguments: ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"])
    func views(view: String) async throws {
        try await DynamoDBHost.with { db in
            try await Self.table(db, view)
            try await db.put(#"{"p":{"S":"a"}}"#)
            try await db.put(#"{"p":{"S":"a"},"v":{"N":"2"}}"#)
            let change = try #require(try await db.records()[1]["dynamodb"])
            #expect((change["NewImage"] != nil) == (view == "NEW_IMAGE"))
            #expect((change["OldImage"] != nil) == (view == "OLD_IMAGE"))
            #expect(change["StreamViewType"]?.string == view)
        }
    }

    @Test("are read on from any place, and iterators expire")
    func iterators() async throws {
        try await DynamoDBHost.with { db in
            try await Self.table(db)
            for number in 0..<5 { try await db.put(#"{"p":{"S":"\#(number)"}}"#) }
            let latest = try await db.iterator("LATEST")
            let first = try await db.streams(
                "GetRecords", #"{"ShardIterator":"\#(db.iterator("TRIM_HORIZON"))","Limit":2}"#)
            #expect(DynamoDBHost.keys(first) == ["0", "1"])
            let next = try #require(first["NextShardIterator"]?.string)
            let second = try await db.streams("GetRecords", #"{"ShardIterator":"\#(next)"}"#)
            #expect(DynamoDBHost.keys(second) == ["2", "3", "4"])
            let sequence = Array(second["Records"]?.elements ?? .none)[0]["dynamodb"]?["SequenceNumber"]?.string ?? ""
            let at = try await db.iterator("AT_SEQUENCE_NUMBER", sequence)
            #expect(
                DynamoDBHost.keys(try await db.streams("GetRecords", #"{"ShardIterator":"\#(at)"}"#)) == [
                    "2", "3", "4",
                ])
            let after = try await db.iterator("AFTER_SEQUENCE_NUMBER", sequence)
            #expect(
                DynamoDBHost.keys(try await db.streams("GetRecords", #"{"ShardIterator":"\#(after)"}"#)) == ["3", "4"])
            try await db.put(#"{"p":{"S":"5"}}"#)
            #expect(DynamoDBHost.keys(try await db.streams("GetRecords", #"{"ShardIterator":"\#(latest)"}"#)) == ["5"])
            db.clock.advance(by: .seconds(901))
            let error = try await db.host.error(of: "dynamodbstreams", "GetRecords", #"{"ShardIterator":"\#(latest)"}"#)
            #expect(error?.code == "ExpiredIteratorException")
        }
    }

    @Test("end when they are switched off, and can still be read to their end")
    func disabling() async throws {
        try await DynamoDBHost.with { db in
            try await Self.table(db)
            try await db.put(#"{"p":{"S":"a"}}"#)
            let iterator = try await db.iterator("TRIM_HORIZON")
            try await db.call("UpdateTable", #"{"TableName":"table","StreamSpecification":{"StreamEnabled":false}}"#)
            try await db.put(#"{"p":{"S":"b"}}"#)
            let output = try await db.streams("GetRecords", #"{"ShardIterator":"\#(iterator)"}"#)
            #expect(DynamoDBHost.keys(output) == ["a"])
            #expect(output["NextShardIterator"] == nil)
            let list = try await db.streams("ListStreams", #"{"TableName":"table"}"#)
            let arn = Array(list["Streams"]?.elements ?? .none)[0]["StreamArn"]?.string ?? ""
            let described = try await db.streams("DescribeStream", #"{"StreamArn":"\#(arn)"}"#)
            #expect(described["StreamDescription"]?["StreamStatus"]?.string == "DISABLED")
        }
    }

    @Test("forget records after a day")
    func retention() async throws {
        try await DynamoDBHost.with { db in
            try await Self.table(db)
            try await db.put(#"{"p":{"S":"old"}}"#)
            let sequence = try await db.records()[0]["dynamodb"]?["SequenceNumber"]?.string ?? ""
            db.clock.advance(by: .seconds(86401))
            try await db.put(#"{"p":{"S":"new"}}"#)
            try await Retention(tables: db.tables).run(at: db.clock.now)
            #expect(try await db.records().count == 1)
            let arn = try await db.streamARN()
            let shard = try await db.shard()
            let error = try await db.host.error(
                of: "dynamodbstreams", "GetShardIterator",
                """
                {"StreamArn":"\(arn)","ShardId":"\(shard)","ShardIteratorType":"AT_SEQUENCE_NUMBER","SequenceNumber":"\(sequence)"}
                """)
            #expect(error?.code == "TrimmedDataAccessException")
        }
    }
}

extension DynamoDBHost {
    func streamARN() async throws -> String {
        let list = try await streams("ListStreams", #"{"TableName":"table"}"#)
        return Array(list["Streams"]?.elements ?? .none).last?["StreamArn"]?.string ?? ""
    }

    func shard() async throws -> String {
        let described = try await streams("DescribeStream", #"{"StreamArn":"\#(streamARN())"}"#)
        return Array(described["StreamDescription"]?["Shards"]?.elements ?? .none)[0]["ShardId"]?.string ?? ""
    }

    func iterator(_ type: String, _ sequence: String? = nil) async throws -> String {
        let number = sequence.map { #","SequenceNumber":"\#($0)""# } ?? ""
        let output = try await streams(
            "GetShardIterator",
            #"{"StreamArn":"\#(streamARN())","ShardId":"\#(shard())","ShardIteratorType":"\#(type)"\#(number)}"#)
        return output["ShardIterator"]?.string ?? ""
    }

    /// All records of the table's stream.
    func records() async throws -> [JSONValue] {
        let output = try await streams("GetRecords", #"{"ShardIterator":"\#(iterator("TRIM_HORIZON"))"}"#)
        return Array(output["Records"]?.elements ?? .none)
    }

    /// The partition keys of records.
    static func keys(_ output: JSONValue) -> [String] {
        (output["Records"]?.elements ?? .none).compactMap { $0["dynamodb"]?["Keys"]?["p"]?["S"]?.string }
    }
}
