import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

/// The database may have no more pages than it has: to SQLite that is a full disk. The disk itself is filled in
/// `StorageTests` and `SDKTests/test_full_disk.py`.
@Suite("A full disk")
struct FullDiskTests {
    private static let text = String(repeating: "x", count: 50_000)

    /// - Parameter pages: beyond those in use; `nil` for any number.
    private func leave(_ pages: Int64?, _ db: DynamoDBHost) async throws {
        try await db.tables.write { transaction in
            let used = try transaction.first("PRAGMA page_count") { try $0[0] as Int64 } ?? 0
            let limit = pages.map { used + $0 } ?? 1 << 30
            _ = try transaction.first("PRAGMA max_page_count = \(limit)") { try $0[0] as Int64 }
        }
    }

    private func put(_ number: Int, _ db: DynamoDBHost) async throws -> String {
        try await db.error(
            "PutItem", #"{"TableName":"table","Item":{"p":{"S":"\#(number)"},"text":{"S":"\#(Self.text)"}}}"#)
    }

    @Test("refuses writes with an error clients try again, keeps reads served and half a write out, and is got over")
    func fullDisk() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(
                more: #","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}"#)
            try await leave(30, db)
            var written = 0
            var fault = try await put(0, db)
            while fault == "none", written < 100 {
                written += 1
                fault = try await put(written, db)
            }
            #expect(written > 0 && written < 10)
            #expect(fault.hasPrefix("InternalServerError: "))
            let puts = (0..<3).map {
                #"{"Put":{"TableName":"table","Item":{"p":{"S":"together \#($0)"},"text":{"S":"\#(Self.text)"}}}}"#
            }
            let transaction = #"{"TransactItems":[\#(puts.joined(separator: ","))]}"#
            #expect(try await db.error("TransactWriteItems", transaction).hasPrefix("InternalServerError: "))
            for _ in 0..<3 { #expect(try await put(1000, db) == fault) }
            try await expect(written, db)
            // Somebody makes room; nobody starts anything again.
            try await leave(nil, db)
            #expect(try await put(written, db) == "none")
            try await db.call("TransactWriteItems", transaction)
            try await expect(written + 4, db)
        }
    }

    /// Every acknowledged item and its record, and none besides.
    private func expect(_ count: Int, _ db: DynamoDBHost) async throws {
        #expect(
            try await db.call("Scan", #"{"TableName":"table","Select":"COUNT"}"#).contains(#""Count":\#(count),"#))
        #expect(try await db.item(#"{"p":{"S":"0"}}"#).contains(Self.text))
        #expect(try await db.records().count == count)
    }
}
