import Glibc
import Storage
import Testing

@Suite struct OpeningTests {
    @Test("Migrations are applied once, in order, and new ones are added to an old file")
    func migrations() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/notes.db"
            try Database(path: path, migrations: noteSchema).close()
            let more =
                noteSchema + [
                    Migration(2, "ALTER TABLE note ADD COLUMN starred INTEGER NOT NULL DEFAULT 0"),
                    Migration(1, "CREATE TABLE apart (id INTEGER)", group: "other"),
                ]
            for _ in 1...2 {
                let database = try Database(path: path, migrations: more)
                #expect(try await database.read { try $0.notes() } == [])
                #expect(try await database.read { try $0.exists("SELECT starred FROM note") } == false)
                database.close()
            }
        }
    }

    @Test(
        "A file of a newer program, an edited migration and a gap in the numbers are refused",
        arguments: [
            [Migration](), [Migration(1, "CREATE TABLE other (id)")],
            noteSchema + [Migration(3, "CREATE TABLE t (id)")],
        ])
    func refusedMigrations(_ migrations: [Migration]) async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/notes.db"
            let two = noteSchema + [Migration(2, "CREATE TABLE two (id)")]
            try Database(path: path, migrations: two).close()
            let known = migrations.isEmpty ? noteSchema : migrations
            let error = #expect(throws: StorageError.self) { try Database(path: path, migrations: known) }
            guard case .migration = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("A migration that fails half-way leaves nothing of itself")
    func failedMigration() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/notes.db"
            let broken = noteSchema + [Migration(2, "CREATE TABLE half (id); CREATE TABLE half (id)")]
            #expect(throws: StorageError.self) { try Database(path: path, migrations: broken) }
            let whole = noteSchema + [Migration(2, "CREATE TABLE half (id)")]
            let database = try Database(path: path, migrations: whole)
            #expect(try await database.read { try $0.exists("SELECT * FROM half") } == false)
            database.close()
        }
    }

    @Test("A second owner is refused and told who has the file, until the first lets go")
    func secondOwner() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/notes.db"
            let first = try Database(path: path, migrations: noteSchema)
            #expect(throws: StorageError.inUse(path: path, owner: "process \(getpid())")) {
                try Database(path: path, migrations: noteSchema)
            }
            first.close()
            try Database(path: path, migrations: noteSchema).close()
        }
    }

    @Test("An owner that is refused closes no descriptor that somebody else got meanwhile")
    func refusedOwnersDescriptors() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/notes.db"
            let owner = try Database(path: path, migrations: noteSchema)
            let refusals = Task.detached {
                for _ in 0..<2000 {
                    #expect(throws: StorageError.self) { try Database(path: path, migrations: noteSchema) }
                }
            }
            let bystander = Task.detached {
                (0..<20000).count { _ in
                    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
                    sched_yield()
                    return close(descriptor) != 0
                }
            }
            _ = await refusals.value
            #expect(await bystander.value == 0)
            owner.close()
        }
    }

    @Test("An owner that closed has let go, though a child that is being forked shares its descriptors")
    func ownerBesideFork() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/notes.db"
            let first = try Database(path: path, migrations: noteSchema)
            let childs = dup(try #require(Self.descriptor(of: "\(path)-lock")))
            first.close()
            try Database(path: path, migrations: noteSchema).close()
            close(childs)
        }
    }

    private static func descriptor(of path: String) -> Int32? {
        var name = [CChar](repeating: 0, count: 4096)
        return (0..<Int32(4096)).first { descriptor in
            let count = readlink("/proc/self/fd/\(descriptor)", &name, name.count)
            return count > 0 && String(decoding: name.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) == path
        }
    }

    @Test("Owners that share a file see each other's writes; one that does not share is refused")
    func sharedOwners() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/notes.db"
            var shared = Database.Options()
            shared.isShared = true
            let owners = try await withThrowingTaskGroup { group in
                for _ in 1...4 {
                    group.addTask { [shared] in try Database(path: path, migrations: noteSchema, options: shared) }
                }
                return try await group.reduce(into: [Database]()) { $0.append($1) }
            }
            try await withThrowingTaskGroup { group in
                for (number, owner) in owners.enumerated() {
                    group.addTask {
                        for count in 1...20 { try await owner.write { _ = try $0.addNote("\(number) \(count)") } }
                    }
                }
                try await group.waitForAll()
            }
            for owner in owners { #expect(try await owner.read { try $0.notes() }.count == 80) }
            #expect(throws: StorageError.self) { try Database(path: path, migrations: noteSchema) }
            for owner in owners { owner.close() }
            let alone = try Database(path: path, migrations: noteSchema)
            #expect(throws: StorageError.self) { try Database(path: path, migrations: noteSchema, options: shared) }
            alone.close()
        }
    }

    @Test("The file is readable by its owner only, in WAL mode, with pages of 8 KiB")
    func settings() async throws {
        try await withTemporaryFolder { folder in
            let database = try Database(path: "\(folder)/notes.db", migrations: noteSchema)
            try await database.write { _ = try $0.addNote("one") }
            for name in ["notes.db", "notes.db-wal", "notes.db-lock"] {
                var status = stat()
                #expect(stat("\(folder)/\(name)", &status) == 0)
                #expect(status.st_mode & 0o777 == 0o600, "\(name)")
            }
            let pageSize: Int? = try await database.read { try $0.value("PRAGMA page_size") }
            let mode: String? = try await database.read { try $0.value("PRAGMA journal_mode") }
            let sync: Int? = try await database.write { try $0.value("PRAGMA synchronous") }
            #expect(pageSize == 8192)
            #expect(mode == "wal")
            #expect(sync == 2)
            database.close()
        }
    }

    @Test("A file that is no database is refused as damaged")
    func damagedFile() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/notes.db"
            let file = open(path, O_WRONLY | O_CREAT, 0o600)
            let junk = [UInt8](repeating: 65, count: 16384)
            #expect(write(file, junk, junk.count) == junk.count)
            close(file)
            let error = #expect(throws: StorageError.self) { try Database(path: path, migrations: noteSchema) }
            guard case .corrupt = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("Under constant writing the write-ahead log starts over instead of growing")
    func checkpoints() async throws {
        var options = Database.Options()
        options.checkpointPages = 20
        try await withTemporaryFolder { folder in
            let database = try Database(path: "\(folder)/notes.db", migrations: noteSchema, options: options)
            for number in 0..<300 {
                try await database.write { _ = try $0.addNote("\(number)", body: [UInt8](repeating: 7, count: 8000)) }
            }
            var status = stat()
            #expect(stat("\(folder)/notes.db-wal", &status) == 0)
            // 300 writes of at least two pages would be 5 MB.
            #expect(status.st_size < 2_000_000)
            #expect(database.checkpointError == nil)
            database.close()
        }
    }
}
