import Glibc
import ServiceKit

/// Removes files that no row refers to: a crash before they are recorded leaves them.
///
/// It goes through files and rows in small steps with pauses between them, and holds the names of so many files at most,
/// so that a store of millions of files is searched without anybody noticing.
struct OrphanCollector: Sendable {
    /// Younger ones may be on their way into a row.
    static let age = Duration.seconds(24 * 3600)
    /// After a start others have things to do.
    private static let patience = Duration.seconds(60)
    private static let pause = Duration.milliseconds(5)
    /// Files or rows of a step.
    private static let step = 500

    let store: S3Store
    let clock: any WallClock
    /// Names that are held at a time, 16 bytes each.
    var capacity = 250_000
    /// When this process came to own the files: older ones are on nobody's way any more. By the clock that files have,
    /// which is a little slow.
    var began = Timestamp.now() - .seconds(1)

    init(store: S3Store, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Looks for what the process before this one left, and then through all files once a day.
    func run() async throws {
        try await clock.sleep(until: clock.now + Self.patience)
        try await collectLeftovers()
        while true {
            try await clock.sleep(until: clock.now + .seconds(24 * 3600))
            try await collect(before: clock.now - Self.age)
        }
    }

    /// What was there before this process. Returns the names of the files it removed.
    @discardableResult
    func collectLeftovers() async throws -> [String] { try await collect(before: began) }

    /// Returns the names of the files it removed.
    @discardableResult
    func collect(before limit: Timestamp) async throws -> [String] {
        let folder = "\(store.files.folder)/bytes"
        let count = try await store.files.pool.run {
            try FolderListing.fold(folder, into: 0) { count, _ in count += 1 }
        }
        var removed: [String] = []
        let groups = max(1, (count + capacity - 1) / capacity)
        for group in 0..<groups {
            removed += try await collect(group, of: UInt128(groups), before: limit)
        }
        return removed
    }

    /// Those of the files whose names leave one rest when divided.
    private func collect(_ group: Int, of groups: UInt128, before limit: Timestamp) async throws -> [String] {
        let folder = "\(store.files.folder)/bytes"
        let names = try await store.files.pool.run {
            try FolderListing.fold(folder, into: [UInt128]()) { names, text in
                guard let name = FileName.number(text), name % groups == UInt128(group) else { return }
                names.append(name)
            }.sorted()
        }
        var candidates = OrphanCandidates(try await old(names, limit))
        guard !candidates.isEmpty else { return [] }
        // Parts first: one that becomes part of an object meanwhile has been seen, or its object is.
        try await look(from: PartPosition.start, &candidates) { try $0.partFiles(after: $1, limit: Self.step) }
        try await look(from: 0, &candidates) { try $0.objectFiles(after: $1, limit: Self.step) }
        let orphans = candidates.unused.map(FileName.text)
        store.files.remove(orphans)
        return orphans
    }

    /// Those that nobody touched since.
    private func old(_ names: [UInt128], _ limit: Timestamp) async throws -> [UInt128] {
        let files = store.files
        var old: [UInt128] = []
        for start in stride(from: 0, to: names.count, by: Self.step) {
            if start > 0 { try await Task.sleep(for: Self.pause) }
            let some = names[start..<min(start + Self.step, names.count)]
            old += try await files.pool.run { some.filter { Self.isOlder(files.path(of: FileName.text($0)), limit) } }
        }
        return old
    }

    private func look<Position: Sendable>(
        from start: Position, _ candidates: inout OrphanCandidates,
        page: (Snapshot, Position) throws -> (files: [String], next: Position?)
    ) async throws {
        var position = start
        while true {
            let current = position
            let (files, next) = try await store.read { try page($0, current) }
            for file in files { candidates.use(file) }
            guard let next else { return }
            position = next
            try await Task.sleep(for: Self.pause)
        }
    }

    /// By the time of the last change to the file itself, which a second name is: a copy of an old object's bytes, on its
    /// way into a row, is not old.
    private static func isOlder(_ path: String, _ limit: Timestamp) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && Int64(status.st_ctim.tv_sec) < limit.seconds
    }
}

/// Files that may be orphans, in ascending order, and which of them turned out to be none.
private struct OrphanCandidates {
    private let names: [UInt128]
    private var isUsed: [Bool]

    init(_ names: [UInt128]) {
        self.names = names
        isUsed = Array(repeating: false, count: names.count)
    }

    var isEmpty: Bool { names.isEmpty }
    var unused: [UInt128] { zip(names, isUsed).filter { !$0.1 }.map(\.0) }

    mutating func use(_ file: String) {
        guard let name = FileName.number(file) else { return }
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        if low < names.count, names[low] == name { isUsed[low] = true }
    }
}

/// Names of files as numbers, which take a third of the room.
private enum FileName {
    /// `nil` for anything but 32 hexadecimal digits.
    static func number(_ text: String) -> UInt128? {
        text.utf8.count == 32 ? UInt128(text, radix: 16) : nil
    }

    static func text(_ number: UInt128) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 32 - digits.utf8.count) + digits
    }
}
