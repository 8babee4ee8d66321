import Glibc
@testable import Storage
import Synchronization
import Testing

@Suite struct MappingTests {
    @Test("Pages come from memory while the file grows and changes under its readers")
    func growing() async throws {
        try await withTemporaryFolder { folder in
            var options = Database.Options()
            options.checkpointPages = 40
            options.cacheKiB = 16
            let database = try Database(path: "\(folder)/notes.db", migrations: noteSchema, options: options)
            for round in 0..<20 {
                try await database.write { transaction in
                    for number in 0..<40 {
                        let body = [UInt8](repeating: UInt8(truncatingIfNeeded: round + number), count: 3000)
                        try transaction.addNote("\(round) \(number)", body: body)
                    }
                    try transaction.execute("UPDATE note SET body = zeroblob(2000) WHERE text = '0 \(round)'")
                }
                let bodies = try await database.read { snapshot in
                    try snapshot.rows("SELECT text, body FROM note") { row in
                        (text: try row[0] as String, body: try row[1] as [UInt8])
                    }
                }
                #expect(bodies.count == (round + 1) * 40)
                for (text, body) in bodies {
                    let parts = text.split(separator: " ").compactMap { Int($0) }
                    let isChanged = parts[0] == 0 && parts[1] <= round
                    let expected = isChanged ? 0 : UInt8(truncatingIfNeeded: parts[0] + parts[1])
                    #expect(body.count == (isChanged ? 2000 : 3000) && body.allSatisfy { $0 == expected })
                }
            }
            database.close()
        }
    }

    /// A file cut short is the one way to make pages unreadable without a broken disk.
    @Test("A page that the disk does not deliver is an error of the reads that meet it, and the process lives")
    func unreadablePages() async throws {
        try await withTemporaryFolder { folder in
            let path = try await writeLargeNotes(in: folder)
            let file = open(path, O_RDWR)
            defer { close(file) }
            let size = Int(lseek(file, 0, SEEK_END))
            var bytes = [UInt8](repeating: 0, count: size)
            let count = pread(file, &bytes, size, 0)
            #expect(count == size)
            let second = try Database(path: path, migrations: noteSchema)
            // Its size is known from here on.
            #expect(try await second.read { try $0.notes() }.count == 200)
            #expect(ftruncate(file, size / 2) == 0)
            for _ in 1...3 {
                await #expect(throws: StorageError.self) {
                    try await second.read { try $0.rows("SELECT body FROM note") { try $0[0] as [UInt8] } }
                }
            }
            // What can be read again is read again, by calls.
            let restored = pwrite(file, bytes, size, 0)
            #expect(restored == size)
            #expect(try await second.read { try $0.notes() }.count == 200)
            let sizes = try await second.read { try $0.rows("SELECT body FROM note") { (try $0[0] as [UInt8]).count } }
            #expect(sizes == [Int](repeating: 7000, count: 200))
            second.close()
        }
    }

    @Test("Memory given back while nobody reads comes back as it is wanted")
    func idleMemory() async throws {
        try await withNotes { database in
            try await database.write { _ = try $0.addNote("kept") }
            for _ in 1...3 {
                #expect(try await database.read { try $0.notes() } == ["kept"])
                for _ in 1...3 { #expect(database.releaseIdleMemory()) }
            }
        }
    }

    @Test("Who gives memory back is told of more than a few reads, waits until they end, and is told again")
    func reading() async throws {
        try await withNotes { database in
            let told = Mutex(0)
            database.observeUse { told.withLock { $0 += 1 } }
            for round in 1...3 {
                for _ in 1..<ReaderPool.fewUses { _ = try await database.read { try $0.notes() } }
                #expect(told.withLock { $0 } == round - 1)
                for _ in 1...2 { _ = try await database.read { try $0.notes() } }
                #expect(told.withLock { $0 } == round)
                // The first look sees that somebody reads, the second that nobody did since.
                #expect(!database.releaseIdleMemory())
                #expect(database.releaseIdleMemory())
                #expect(try await database.write { try $0.addNote("\(round)") } > 0)
            }
        }
    }

    @Test("Who gives memory back is told of a writer that keeps many pages, waits until it rests, and is told again")
    func writing() async throws {
        try await withNotes { database in
            let told = Mutex(0)
            database.observeUse { told.withLock { $0 += 1 } }
            let page = [UInt8](repeating: 1, count: 7000)
            for number in 1...3 {
                try await database.write { _ = try $0.addNote("small \(number)", body: page) }
                // Few pages are nobody's concern, however long they lie there.
                #expect(told.withLock { $0 } == 0)
                #expect(database.releaseIdleMemory())
            }
            for round in 1...3 {
                // The pages of one write can be many.
                try await database.write { transaction in
                    for number in 0..<200 { try transaction.addNote("\(round) \(number)", body: page) }
                }
                // What a commit left is looked at after its writes were answered, and before the next.
                try await database.write { _ = try $0.addNote("\(round) next") }
                #expect(told.withLock { $0 } == round)
                for number in 0..<ReaderPool.fewUses {
                    try await database.write { _ = try $0.addNote("\(round) later \(number)") }
                }
                #expect(told.withLock { $0 } == round)
                #expect(!database.releaseIdleMemory())
                #expect(database.releaseIdleMemory())
                // The thread has let go of them before it takes the next write.
                try await database.write { _ = try $0.addNote("after \(round)") }
                #expect(told.withLock { $0 } == round)
            }
        }
    }

    @Test("A read that lasts is waited for, and not counted as memory given back")
    func longRead() async throws {
        try await withNotes { database in
            let snapshot = try await database.openSnapshot()
            for _ in 1...3 { #expect(!database.releaseIdleMemory()) }
            try database.close(snapshot)
            #expect(database.releaseIdleMemory())
        }
    }
}

/// A closed database of two hundred notes of 7000 bytes, for tests that cut it short.
///
/// - Returns: its path.
func writeLargeNotes(in folder: String) async throws -> String {
    let path = "\(folder)/notes.db"
    let database = try Database(path: path, migrations: noteSchema)
    try await database.write { transaction in
        for number in 0..<200 { try transaction.addNote("\(number)", body: [UInt8](repeating: 1, count: 7000)) }
    }
    database.close()
    return path
}
