import CSQLite
import Glibc

/// What the disk does by itself: commits that are appended and synced, alone and beside pages that are written all over
/// another file, as a database's are. Nobody can promise shorter waits than these.
struct DiskLimit {
    let folder: String
    let seconds: Double
    /// Pages a commit.
    let pages: Int
    /// Commits a second; pages all over the file come to as many.
    let rate: Int
    private static let page = 8192
    private static let logPages = 4096
    private static let filePages = 1 << 17
    /// Pages that are moved together.
    private static let pass = 1000

    func run() async throws {
        let log = try file("disk-bench.log", pages: Self.logPages)
        let data = try file("disk-bench.data", pages: Self.filePages)
        defer {
            close(log)
            close(data)
        }
        print("\(pages) pages, synced \(rate) times a second: \(Waits(commits(to: log)))")
        let mover = Task.detached { move(to: data) }
        print("… beside as many pages all over a file of 1 GiB: \(Waits(commits(to: log)))")
        fflush(nil)
        mover.cancel()
        print("moved \(await mover.value) pages")
    }

    private func file(_ name: String, pages: Int) throws -> Int32 {
        let file = open("\(folder)/\(name)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw DiskError(name: name) }
        let part = [UInt8](repeating: 1, count: 128 * Self.page)
        var status = stat()
        fstat(file, &status)
        for offset in stride(from: Int(status.st_size), to: pages * Self.page, by: part.count) {
            guard pwrite(file, part, part.count, offset) == part.count else { throw DiskError(name: name) }
        }
        fsync(file)
        return file
    }

    /// How long each took, from when it was due.
    private func commits(to log: Int32) -> [Duration] {
        let bytes = [UInt8](repeating: 2, count: pages * Self.page)
        let start = ContinuousClock.now
        var times: [Duration] = []
        while true {
            let due = start + .seconds(1) / rate * times.count
            if due - start >= .seconds(seconds) { return times }
            let pause = due - ContinuousClock.now
            if pause > .zero { usleep(UInt32(pause / .microseconds(1))) }
            pwrite(log, bytes, bytes.count, times.count * pages % (Self.logPages - pages) * Self.page)
            fdatasync(log)
            times.append(ContinuousClock.now - max(due, start))
        }
    }

    /// Pages in the order of the file, which reach the disk a part of it at a time.
    private func move(to data: Int32) -> Int {
        let bytes = [UInt8](repeating: 3, count: Self.page)
        let start = ContinuousClock.now
        var moved = 0
        while !Task.isCancelled {
            let due = start + .seconds(1) / (rate * pages) * (moved + Self.pass)
            let pause = due - ContinuousClock.now
            if pause > .zero { usleep(UInt32(pause / .microseconds(1))) }
            for page in (0..<Self.pass).map({ _ in Int.random(in: 0..<Self.filePages) }).sorted() {
                pwrite(data, bytes, bytes.count, page * Self.page)
            }
            _ = apus_write_out_in_slices(data, Int64(Self.filePages * Self.page))
            fdatasync(data)
            moved += Self.pass
        }
        return moved
    }

    struct DiskError: Error {
        let name: String
    }
}
