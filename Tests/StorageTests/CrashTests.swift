import EventLog
import Glibc
import Storage
import Testing

/// Notes written by `storage-crash` (Tests/StorageCrash/Workload.swift), their events, and the events' effects.
@Suite struct CrashTests {
    private static let notes = 12

    @Test("Killed at any call that touches the disk, nothing answered is lost and nothing is applied twice")
    func everyDiskCall() async throws {
        var step = 1
        // Until a run is no longer killed: the workload has ended before that step.
        while try await crash(at: "disk:\(step)") { step += stride }
        #expect(step > 60, "the crash points were not reached")
    }

    @Test(
        "Killed at each step of an event's way, nothing answered is lost and nothing is applied twice",
        arguments: ["changed", "recorded", "committed", "read", "applied", "stored", "acknowledged"])
    func everyStep(_ step: String) async throws {
        for occurrence in 1...3 {
            let killed = try await crash(at: "\(step):\(occurrence)")
            #expect(killed || occurrence > 1, "\(step) was not reached")
        }
    }

    @Test("Killed at random moments under load, nothing answered is lost and nothing is applied twice")
    func randomMoments() async throws {
        for _ in 0..<8 {
            let notes = 300
            try await withTemporaryFolder { folder in
                let first = try CrashedProcess(
                    ["work", folder, "\(notes)"], killAfter: Int.random(in: 1..<notes))
                #expect(first.wasKilled)
                try await expectKept(first.answered, in: folder)
                try await finish(notes, in: folder)
            }
        }
    }

    @Test("After a loss of power that keeps only what was synced, nothing answered is lost")
    func lossOfPower() async throws {
        for step in Swift.stride(from: 3, through: 120, by: 4 * stride) {
            try await withTemporaryFolder { folder in
                try await withTemporaryFolder { synced in
                    let first = try CrashedProcess(
                        ["work", folder, "\(Self.notes)"],
                        environment: ["APUS_CRASH_AT": "disk:\(step)", "APUS_MIRROR": synced])
                    try await expectKept(first.answered, in: synced)
                    try await finish(Self.notes, in: synced)
                }
            }
        }
    }

    @Test("A full disk fails the write as full, keeps what was there readable, and the next write works again")
    func fullDisk() async throws {
        try await withTemporaryFolder { folder in
            let run = try CrashedProcess(["full", folder])
            #expect(
                run.lines == [
                    "while full: no space left for the database", "readable while full: 1", "in the end: [1, 3]",
                ])
        }
    }

    /// 1 visits every step; the default keeps the suite short on a slow disk.
    private var stride: Int { getenv("APUS_CRASH_EVERY_STEP") == nil ? 5 : 1 }

    /// False if the run ended before the step.
    private func crash(at step: String) async throws -> Bool {
        try await withTemporaryFolder { folder in
            let first = try CrashedProcess(
                ["work", folder, "\(Self.notes)"], environment: ["APUS_CRASH_AT": step])
            try await expectKept(first.answered, in: folder)
            try await finish(Self.notes, in: folder)
            return first.wasKilled
        }
    }

    /// What the crash left: every answered note, no effect without its note, none twice.
    private func expectKept(_ answered: Set<Int>, in folder: String) async throws {
        let (notes, effects) = try await contents(of: folder)
        #expect(answered.isSubset(of: notes), "lost: \(answered.subtracting(notes))")
        #expect(Set(effects).isSubset(of: notes))
        #expect(Set(effects).count == effects.count, "applied twice: \(effects)")
    }

    /// Runs again undisturbed: every note has exactly one effect, and no event is left over.
    private func finish(_ count: Int, in folder: String) async throws {
        let second = try CrashedProcess(["work", folder, "\(count)"])
        #expect(second.lines.last == "done")
        let (notes, effects) = try await contents(of: folder)
        #expect(notes == Set(0..<count))
        #expect(effects.sorted() == Array(0..<count))
    }

    private func contents(of folder: String) async throws -> (notes: Set<Int>, effects: [Int]) {
        let notes = try await numbers("SELECT number FROM note", in: "\(folder)/producer.db")
        return (Set(notes), try await numbers("SELECT number FROM effect", in: "\(folder)/consumer.db"))
    }

    /// None where the process died before it made the table.
    private func numbers(_ sql: String, in path: String) async throws -> [Int] {
        let database = try Database(path: path, migrations: [])
        defer { database.close() }
        return try await database.read { snapshot in
            let hasTable = try snapshot.exists(
                "SELECT 1 FROM sqlite_schema WHERE name IN ('note', 'effect')")
            return hasTable ? try snapshot.rows(sql) { try $0[0] } : []
        }
    }
}
