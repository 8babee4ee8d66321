import Iceberg
import ServiceKit
import TestSupport
import Testing

@testable import S3

/// What tables tell of a bucket's objects, on a clock that is stepped. What is in their files real readers judge:
/// `Tests/SDKTests/test_s3_metadata.py`.
@Suite struct MetadataTests {
    private static let day = Duration.seconds(24 * 3600)
    static let journal = #""JournalTableConfiguration":{"RecordExpiration":{"Expiration":"DISABLED"}}"#

    /// A bucket with tables, its store, and what fills them.
    private struct Tables {
        let s3: S3Fixture
        let store: S3Store
        let worker: MetadataWorker

        func table(_ name: String) async throws -> IcebergTable {
            let tables = try await store.read { try $0.allTables() }
            return try #require(tables.first { $0.name == name })
        }

        /// The files of a table's present state.
        func files(_ name: String) async throws -> [StoredDataFile] {
            let table = try await table(name)
            return try await store.read { try $0.dataFiles(of: table.id) }
        }

        func rows(_ name: String) async throws -> Int64 { try await files(name).reduce(0) { $0 + $1.rows } }

        /// Records that wait for a file, or to be written once more.
        func records(_ name: String) async throws -> (pending: Int, open: Int) {
            let table = try await table(name)
            return try await store.read { snapshot in
                var (pending, open) = (0, 0)
                try snapshot.scanPendingRecords(of: table.id, limit: 1000) { _ in pending += 1 }
                for day in Set(try snapshot.dataFiles(of: table.id).filter(\.isOpen).map(\.day)) {
                    try snapshot.scanOpenRecords(of: table.id, on: day) { _ in open += 1 }
                }
                return (pending, open)
            }
        }

        /// The keys of the files that the table's bucket has.
        func kept(_ name: String) async throws -> [String] {
            let warehouse = try await store.warehouse(of: try await table(name))
            return try await store.read { try $0.versions(in: warehouse, after: .start, limit: 1000).map(\.key) }
        }

        /// The states that its metadata tell.
        func states(_ name: String) async throws -> [TableMetadata.Snapshot] {
            let table = try await table(name)
            return try await store.read { try $0.snapshots(of: table).map(\.snapshot) }
        }

        func step(by time: Duration = .seconds(30)) async throws {
            s3.host.clock.advance(by: time)
            try await worker.advance()
        }
    }

    private func withTables(
        _ configuration: String = "{\(journal)}", _ body: (Tables) async throws -> Void
    ) async throws {
        var made: S3Store?
        try await TestHost.with("objects") { host in
            let store = try S3.store(on: host)
            made = store
            return try await S3.services(on: host, store)
        } run: { host in
            let s3 = S3Fixture(host: host, folder: "")
            try await s3.createBucket()
            try await s3.call(
                "CreateBucketMetadataConfiguration",
                #"{"Bucket":"pictures","MetadataConfiguration":\#(configuration)}"#)
            let store = try #require(made)
            // The service's own is not started: here it is stepped.
            let worker = MetadataWorker(store: store, clock: host.clock, log: host.host.log, interval: .seconds(30))
            try await worker.create()
            try await body(Tables(s3: s3, store: store, worker: worker))
        }
    }

    @Test("Changes wait where they were noted until the journal takes them, and are taken once")
    func journal() async throws {
        try await withTables { tables in
            try await tables.s3.put("a", [1])
            try await tables.s3.put("b", testBytes(50_000))
            try await tables.s3.call(
                "PutObjectTagging", #"{"Bucket":"pictures","Key":"a","Tagging":{"TagSet":[{"Key":"k","Value":"v"}]}}"#)
            try await tables.s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"b"}"#)
            // What changes nothing is no change.
            try await tables.s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"b"}"#)
            #expect(try await tables.records("journal") == (4, 0))
            try await tables.step()
            #expect(try await tables.records("journal") == (0, 4))
            #expect(try await tables.rows("journal") == 4)
            let token = try await tables.table("journal").token
            try await tables.step()
            #expect(try await tables.rows("journal") == 4)
            #expect(try await tables.table("journal").token == token)
        }
    }

    @Test("What lifecycle rules do is told too, as the doing of S3 itself")
    func lifecycle() async throws {
        try await withTables { tables in
            try await tables.s3.call(
                "PutBucketVersioning", #"{"Bucket":"pictures","VersioningConfiguration":{"Status":"Enabled"}}"#)
            try await tables.s3.call(
                "PutBucketLifecycleConfiguration",
                #"""
                {"Bucket":"pictures","LifecycleConfiguration":{"Rules":[
                 {"ID":"cold","Status":"Enabled","Filter":{"And":{"Prefix":"cold/","ObjectSizeGreaterThan":0}},
                  "Transitions":[{"Days":1,"StorageClass":"GLACIER_IR"}]},
                 {"ID":"old","Status":"Enabled","Filter":{"Prefix":"old/"},"Expiration":{"Days":1}},
                 {"ID":"below","Status":"Enabled","Filter":{"Prefix":"old/"},
                  "NoncurrentVersionExpiration":{"NoncurrentDays":1},"Expiration":{"ExpiredObjectDeleteMarker":true}}]}}
                """#)
            for key in ["cold/a", "old/a"] { try await tables.s3.put(key, [1]) }
            let worker = LifecycleWorker(store: tables.store, clock: tables.s3.host.clock, interval: nil)
            for _ in 1...3 {
                tables.s3.host.clock.advance(by: .seconds(2 * 24 * 3600))
                try await worker.apply(to: BucketReference(name: "pictures"))
            }
            let table = try await tables.table("journal")
            let records = try await tables.store.read { try $0.pendingRecords(of: table.id, limit: 100) }
            let (own, account) = ("s3.amazonaws.com", TestHost.account)
            #expect(
                try records.map(Told.init) == [
                    Told("cold/a", "CREATE", marker: false, account), Told("old/a", "CREATE", marker: false, account),
                    Told("cold/a", "UPDATE_METADATA", marker: false, own), Told("old/a", "DELETE", marker: true, own),
                    // Of what is gone for good nothing more is told.
                    Told("old/a", "DELETE", marker: nil, nil), Told("old/a", "DELETE", marker: nil, nil),
                ])
        }
    }

    @Test("Nobody gives a table's own bucket another name by an access point")
    func accessPoints() async throws {
        try await withTables { tables in
            let warehouse = try await tables.store.warehouse(of: try await tables.table("journal"))
            let input = #"{"AccountId":"\#(TestHost.account)","Name":"tables","Bucket":"\#(warehouse.name)"}"#
            let refusal = try await tables.s3.host.error(of: "s3control", "CreateAccessPoint", input)
            #expect(refusal?.code == "MethodNotAllowed" && refusal?.status == 405)
        }
    }

    @Test("Many small files of a day become one, and with the day's end its records are needed here no longer")
    func compaction() async throws {
        try await withTables { tables in
            for number in 0..<20 {
                try await tables.s3.put("k\(number)", [1])
                try await tables.step()
            }
            let files = try await tables.files("journal")
            #expect(files.count < JournalTable.openFiles)
            #expect(files.reduce(0) { $0 + $1.rows } == 20)
            #expect(try await tables.records("journal") == (0, 20))
            // What brings records brings each once, and what writes them anew brings none.
            let states = try await tables.states("journal")
            let added = zip([0] + states.map(\.rows), states).map { $1.rows - $0 }
            #expect(zip(states, added).filter { $0.0.operation == .append }.map(\.1) == Array(repeating: 1, count: 20))
            #expect(zip(states, added).filter { $0.0.operation == .replace }.map(\.1) == [0, 0])
            try await tables.step(by: Self.day)
            #expect(try await tables.files("journal").map(\.rows) == [20])
            #expect(try await tables.records("journal") == (0, 0))
        }
    }

    @Test("States that nobody reads any more go with their files")
    func snapshots() async throws {
        try await withTables { tables in
            for number in 0..<12 {
                try await tables.s3.put("k\(number)", [1])
                try await tables.step()
            }
            let many = try await tables.kept("journal").count
            try await tables.s3.put("last", [1])
            try await tables.step(by: .seconds(3601))
            let kept = try await tables.kept("journal")
            #expect(many > 40)
            let table = try await tables.table("journal")
            #expect(kept.contains(table.metadata))
            let data = try await tables.files("journal").map(\.key)
            #expect(Set(kept.filter { $0.hasPrefix("data/") }) == Set(data))
            // Metadata, manifest list and manifest of that state, and of the one that readers were given until now.
            #expect(kept.count == data.count + 6)
        }
    }

    @Test("Records of days that are over for long enough expire, as soon as it is asked for")
    func expiration() async throws {
        try await withTables { tables in
            try await tables.s3.put("old", [1])
            try await tables.step()
            try await tables.step(by: .seconds(9 * 24 * 3600))
            try await tables.s3.put("new", [1])
            try await tables.step()
            #expect(try await tables.rows("journal") == 2)
            try await tables.s3.call(
                "UpdateBucketMetadataJournalTableConfiguration",
                #"""
                {"Bucket":"pictures","JournalTableConfiguration":{"RecordExpiration":{"Expiration":"ENABLED","Days":7}}}
                """#)
            try await tables.step()
            #expect(try await tables.rows("journal") == 1)
            #expect(try await tables.states("journal").last?.operation == .delete)
        }
    }

    @Test("An inventory is filled from what there is, and of what changes the stretch with it is written anew")
    func inventory() async throws {
        try await withTables { tables in
            for number in 0..<30 { try await tables.s3.put("k\(number)", [1]) }
            try await tables.s3.call(
                "UpdateBucketMetadataInventoryTableConfiguration",
                #"{"Bucket":"pictures","InventoryTableConfiguration":{"ConfigurationState":"ENABLED"}}"#)
            func status() async throws -> String? {
                let answer = try await tables.s3.call("GetBucketMetadataConfiguration", #"{"Bucket":"pictures"}"#)
                return answer["GetBucketMetadataConfigurationResult"]?["MetadataConfigurationResult"]?[
                    "InventoryTableConfigurationResult"]?["TableStatus"]?.string
            }
            #expect(try await status() == "CREATING")
            try await tables.worker.create()
            #expect(try await status() == "BACKFILLING")
            try await tables.step()
            #expect(try await status() == "ACTIVE")
            #expect(try await tables.rows("inventory") == 30)
            let token = try await tables.table("inventory").token
            try await tables.step(by: .seconds(600))
            #expect(try await tables.table("inventory").token == token)
            try await tables.s3.put("z", [1])
            try await tables.s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"k7"}"#)
            try await tables.s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"k8"}"#)
            try await tables.step(by: .seconds(600))
            #expect(try await tables.rows("inventory") == 29)
        }
    }

    @Test("Large buckets are told in many files, of which only those with a change are written anew")
    func largeBucket() async throws {
        let count = 2 * InventoryTable.fileRows + 5000
        try await withTables { tables in
            let store = tables.store
            try await fill(store, count)
            try await tables.s3.call(
                "UpdateBucketMetadataInventoryTableConfiguration",
                #"{"Bucket":"pictures","InventoryTableConfiguration":{"ConfigurationState":"ENABLED"}}"#)
            try await tables.worker.create()
            try await tables.step()
            #expect(try await tables.rows("journal") == Int64(count))
            #expect(try await tables.records("journal").pending == 0)
            let files = try await tables.files("inventory")
            #expect(files.map(\.rows) == [20_000, 20_000, 5000])
            // Each begins where the one before it ends, and nothing is before or behind them.
            #expect(files.map(\.after) == [""] + files.dropLast().map(\.through) && files.last?.through == .some(nil))
            try await tables.s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"\#(Self.key(25_000))"}"#)
            try await tables.step(by: .seconds(600))
            let later = try await tables.files("inventory")
            #expect(later.map(\.rows) == [20_000, 19_999, 5000])
            #expect(zip(files, later).map { $0.id == $1.id } == [true, false, true])
        }
    }

    private static func key(_ number: Int) -> String { "key-\(String(1_000_000 + number))" }

    /// Many objects in few transactions.
    private func fill(_ store: S3Store, _ count: Int) async throws {
        let bucket = try await store.bucket(BucketReference(name: "pictures"))
        let call = Call(
            caller: .root(of: bucket.account), service: "s3", operation: "PutObject", region: bucket.region,
            account: bucket.account, now: ManualClock().now, requestID: "1", deadline: .now() + .seconds(60))
        let headers = try ObjectHeaders(encoded: Array("{}".utf8))
        try await store.database.write { transaction in
            for number in 0..<count {
                let draft = ObjectDraft(
                    key: Self.key(number), size: 1, etag: "x", checksum: nil, headers: headers, tags: try Tags([]),
                    storageClass: "STANDARD", content: .inline([1]), encryption: nil)
                _ = try transaction.put(draft, in: bucket, for: call)
            }
        }
    }

    @Test("Stretches that have changed are written anew, with their neighbours as long as they are small")
    func stretches() {
        func file(_ id: Int64, _ rows: Int64) -> StoredDataFile {
            StoredDataFile(
                id: id, key: "", rows: rows, size: 0, metrics: nil, snapshot: 0, sequence: 0, day: 0, isOpen: false,
                after: "\(id)", through: nil)
        }
        let files = [file(1, 20_000), file(2, 10), file(3, 10), file(4, 20_000), file(5, 20_000)]
        func stretches(_ stale: Set<Int64>) -> [[Int64]] {
            InventoryTable.stretches(of: files, stale).map { $0.map(\.id) }
        }
        #expect(stretches([]) == [])
        #expect(stretches([1]) == [[1]])
        #expect(stretches([2]) == [[2, 3]])
        #expect(stretches([2, 3, 5]) == [[2, 3], [5]])
    }

    @Test(
        "A journal that cannot be written takes what waited as soon as it can, and is given up where that is much")
    func givenUp() async throws {
        let inventory = #""InventoryTableConfiguration":{"ConfigurationState":"ENABLED"}"#
        try await withTables("{\(Self.journal),\(inventory)}") { tables in
            func status(_ name: String) async throws -> [String?] {
                let answer = try await tables.s3.call("GetBucketMetadataConfiguration", #"{"Bucket":"pictures"}"#)
                let told = answer["GetBucketMetadataConfigurationResult"]?["MetadataConfigurationResult"]?[
                    "\(name)TableConfigurationResult"]
                return [told?["TableStatus"]?.string, told?["Error"]?["ErrorCode"]?.string]
            }
            func setKey(_ key: String?) async throws {
                _ = try await tables.store.database.write {
                    try $0.execute("UPDATE iceberg_table SET encryption_key = ? WHERE kind = 'journal'", key)
                }
            }
            var worker = tables.worker
            try await tables.step()
            #expect(try await status("Journal") == ["ACTIVE", nil])
            try await setKey("arn:aws:kms:us-east-1:\(TestHost.account):key/none")
            for key in ["a", "b"] { try await tables.s3.put(key, [1]) }
            try await tables.step()
            let failed = try await status("Journal")
            #expect(failed[0] == "FAILED")
            #expect(try await status("Inventory") == ["FAILED", "JournalTableNotAvailable"])
            #expect(try await tables.records("journal") == (2, 0))
            // As soon as it can be written nothing is missing, in the inventory neither.
            try await setKey(nil)
            try await tables.step(by: .seconds(600))
            #expect(try await status("Journal") == ["ACTIVE", nil])
            #expect(try await status("Inventory") == ["ACTIVE", nil])
            #expect(try await tables.rows("journal") == 2)
            #expect(try await tables.rows("inventory") == 2)

            try await setKey("arn:aws:kms:us-east-1:\(TestHost.account):key/none")
            try await tables.s3.put("c", [1])
            worker.waitingLimit = 100
            try await worker.advance()
            let isGivenUp = try await tables.table("journal").isGivenUp
            #expect(isGivenUp)
            try await tables.s3.put("d", [1])
            let journal = try await tables.table("journal").id
            let isWaiting = try await tables.store.read { try $0.hasRecords(of: journal) }
            #expect(!isWaiting)
            // For good: what is missing would be told by nobody.
            try await setKey(nil)
            try await tables.step(by: .seconds(600))
            let given = try await status("Journal")
            #expect(given[0] == "FAILED")
            #expect(try await status("Inventory") == ["FAILED", "JournalTableNotAvailable"])
            #expect(try await tables.rows("journal") == 2)

            // A new one begins with what there is.
            try await tables.s3.call("DeleteBucketMetadataConfiguration", #"{"Bucket":"pictures"}"#)
            for name in ["journal", "inventory"] {
                try await tables.s3.host.call(
                    "s3tables", "DeleteTable",
                    #"""
                    {"tableBucketARN":"arn:aws:s3tables:us-east-1:000000000000:bucket/aws-s3","namespace":"b_pictures",
                     "name":"\#(name)"}
                    """#)
            }
            try await tables.s3.call(
                "CreateBucketMetadataConfiguration",
                #"{"Bucket":"pictures","MetadataConfiguration":{\#(Self.journal),\#(inventory)}}"#)
            try await tables.worker.create()
            try await tables.step()
            #expect(try await status("Inventory") == ["ACTIVE", nil])
            #expect(try await tables.rows("inventory") == 4)
        }
    }

    @Test("Deleting a bucket's tables deletes their files, and a bucket goes on without its journal")
    func deletion() async throws {
        try await withTables { tables in
            try await tables.s3.put("a", [1])
            try await tables.step()
            let files = try await tables.store.read { try $0.allFiles() }
            try await tables.s3.host.call(
                "s3tables", "DeleteTable",
                #"""
                {"tableBucketARN":"arn:aws:s3tables:us-east-1:000000000000:bucket/aws-s3","namespace":"b_pictures",
                 "name":"journal"}
                """#)
            try await tables.s3.put("b", [1])
            try await tables.step()
            #expect(try await tables.store.read { try $0.allTables() }.isEmpty)
            #expect(try await tables.store.read { try $0.allFiles() }.isSubset(of: files))
            try await tables.s3.call("DeleteBucketMetadataConfiguration", #"{"Bucket":"pictures"}"#)
            let error = try await tables.s3.error("GetBucketMetadataConfiguration", #"{"Bucket":"pictures"}"#)
            #expect(error?.code == "MetadataConfigurationNotFound")
        }
    }
}

/// What a record of a journal says of who did what.
struct Told: Equatable {
    let key: String
    let kind: String
    let isMarker: Bool?
    let requester: String?

    init(_ key: String, _ kind: String, marker isMarker: Bool?, _ requester: String?) {
        (self.key, self.kind, self.isMarker, self.requester) = (key, kind, isMarker, requester)
    }

    init(_ record: JournalRecord) throws {
        let names = MetadataColumns.journal.map(\.name)
        let cells = Dictionary(zip(names, try record.cells())) { first, _ in first }
        func text(_ name: String) -> String? {
            guard case .string(let text)? = cells[name] else { return nil }
            return text
        }
        let marker: Bool? = if case .boolean(let flag)? = cells["is_delete_marker"] { flag } else { nil }
        self.init(text("key") ?? "", text("record_type") ?? "", marker: marker, text("requester"))
    }
}

extension Snapshot {
    /// Records that are in no file yet, the oldest first.
    func pendingRecords(of table: Int64, limit: Int) throws -> [JournalRecord] {
        var records: [JournalRecord] = []
        try scanPendingRecords(of: table, limit: limit) { records.append($0) }
        return records
    }
}
