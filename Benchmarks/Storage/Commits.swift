import Glibc
import Storage
import Time

/// Prints durable puts, point gets, and objects in rows and in files.
func measureCommits(in folder: String, seconds: Int64) async throws {
    let path = "\(folder)/storage-bench.db"
    let database = try Database(
        path: path,
        migrations: [Migration(1, "CREATE TABLE item (key TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID")])

    let rawPath = "\(folder)/storage-bench.raw"
    print("raw fdatasync, 8 KiB overwritten: \(try rawSyncs(path: rawPath, seconds))/s")
    // What a log of our own in front of SQLite could do at best, with the batches that 64 writers make.
    let appended = try rawSyncs(path: rawPath, seconds, bytes: 32 << 10, appends: true) * 32
    print("records of 1 KiB appended to a plain file, 32 a sync: \(appended)/s")
    for writers in [1, 64, 256] {
        let puts = try await rate(workers: writers, seconds) { number in
            // Fresh bytes each time: SQLite writes nothing for an update that changes nothing.
            let body = randomBytes(1024)
            let key = "item \(number &* 0x9E37_79B9_7F4A_7C15 % 100_000)"
            try await database.write { transaction in
                _ = try transaction.execute("INSERT OR REPLACE INTO item VALUES (?, ?)", key, body)
            }
        }
        print("durable puts of 1 KiB, \(writers) writers: \(puts)/s")
    }
    let keys: [String] = try await database.read { try $0.rows("SELECT key FROM item LIMIT 10000") { try $0[0] } }
    for readers in [1, 2] {
        let gets = try await rate(workers: readers, seconds) { number in
            let key = keys[Int(number &* 0x9E37_79B9_7F4A_7C15 % UInt64(keys.count))]
            let body: [UInt8]? = try await database.read { try $0.value("SELECT body FROM item WHERE key = ?", key) }
            precondition(body?.count == 1024)
        }
        print("point gets, \(readers) readers: \(gets)/s")
    }
    for size in [1 << 10, 8 << 10, 32 << 10, 128 << 10] {
        let inRow = try await rate(workers: 16, seconds) { number in
            let body = randomBytes(size)
            try await database.write { transaction in
                _ = try transaction.execute("INSERT OR REPLACE INTO item VALUES (?, ?)", "blob \(number)", body)
            }
        }
        let pool = BlockingPool(threads: 16)
        let inFile = try await rate(workers: 16, seconds) { number in
            let body = randomBytes(size)
            try await pool.run { try writeFile("\(folder)/storage-bench-\(number).blob", body) }
            try await database.write { transaction in
                _ = try transaction.execute("INSERT OR REPLACE INTO item VALUES (?, ?)", "file \(number)", [UInt8(1)])
            }
        }
        pool.close()
        print(
            "durable objects of \(size >> 10) KiB, 16 writers: \(inRow)/s in the row, \(inFile)/s in a file with a row")
    }
    database.close()
    for suffix in ["db", "db-lock", "raw"] { unlink("\(folder)/storage-bench.\(suffix)") }
}

/// Calls of `body` a second by this many workers.
func rate(
    workers: Int, _ seconds: Int64, _ body: @escaping @Sendable (UInt64) async throws -> Void
) async throws -> Int64 {
    let start = Timestamp.now()
    let end = start + .seconds(seconds)
    let count = try await withThrowingTaskGroup(of: Int64.self) { group in
        for worker in 0..<workers {
            group.addTask {
                var count: Int64 = 0
                while Timestamp.now() < end {
                    try await body(UInt64(worker) << 32 | UInt64(count))
                    count += 1
                }
                return count
            }
        }
        return try await group.reduce(0, +)
    }
    return count * 1000 / (Timestamp.now() - start).milliseconds
}

/// Written, synced, renamed; the folder's sync is left out, for it is shared.
func writeFile(_ path: String, _ bytes: [UInt8]) throws {
    let file = open("\(path).new", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { close(file) }
    guard pwrite(file, bytes, bytes.count, 0) == bytes.count, fdatasync(file) == 0 else {
        throw StorageError.failure(code: errno, message: path)
    }
    rename("\(path).new", path)
    unlink(path)
}

/// Writes of this many bytes, each synced, a second.
func rawSyncs(path: String, _ seconds: Int64, bytes: Int = 8192, appends: Bool = false) throws -> Int64 {
    let file = open(path, O_RDWR | O_CREAT, 0o600)
    defer { close(file) }
    let start = Timestamp.now()
    var count: Int64 = 0
    while Timestamp.now() < start + .seconds(seconds) {
        let page = randomBytes(bytes)
        let offset = appends ? Int(count) * bytes : 0
        guard pwrite(file, page, page.count, offset) == page.count, fdatasync(file) == 0 else { return -1 }
        count += 1
    }
    return count * 1000 / (Timestamp.now() - start).milliseconds
}

func randomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        guard let start = buffer.baseAddress else { return }
        arc4random_buf(start, count)
        filled = count
    }
}
