import Glibc
import ServiceKit

/// The files that hold the bytes of larger objects, under random names, written once and never changed.
///
/// A file and its name are synced, and only then is it recorded in a row. What a crash leaves before is an orphan, which
/// nothing refers to: the orphan collector finds it.
///
/// `bytes` is one flat folder, so that one sync of it serves all uploads that wait for theirs.
final class ByteFiles: Sendable {
    let folder: String
    let pool: BlockingPool
    private let names: DirectorySync

    init(folder: String) throws {
        self.folder = folder
        // More threads than processors: they wait for the disk.
        pool = BlockingPool(threads: 8)
        names = DirectorySync("\(folder)/bytes", pool: pool)
        for name in ["", "/bytes"] { try FileBytes.makeDirectory(folder + name) }
        // Of earlier versions: files that had not all their bytes yet.
        let incoming = "\(folder)/incoming"
        guard access(incoming, F_OK) == 0 else { return }
        for name in try FolderListing.names(in: incoming) { unlink("\(incoming)/\(name)") }
        rmdir(incoming)
    }

    static func newName() -> String { Hex.string(SecureRandom.bytes(16)) }

    func path(of file: String) -> String { "\(folder)/bytes/\(file)" }

    /// Makes the files' names durable after they were renamed or linked.
    func syncNames() async throws { try await names.sync() }

    /// A second name for the same bytes; the two are removed independently.
    func link(_ segments: [Segment]) async throws -> [Segment] {
        let copies = segments.map {
            Segment(file: Self.newName(), size: $0.size, crc: $0.crc, nonce: $0.nonce, checksum: $0.checksum)
        }
        let pairs = zip(segments, copies).map { (path(of: $0.file), path(of: $1.file)) }
        do {
            try await pool.run {
                for (source, copy) in pairs where Glibc.link(source, copy) != 0 { throw FileError.last(source) }
            }
            try await syncNames()
        } catch {
            remove(copies.map(\.file))
            throw error
        }
        return copies
    }

    /// Removes files that no row refers to any more, sooner or later.
    func remove(_ files: [String]) {
        guard !files.isEmpty else { return }
        let paths = files.map(path(of:))
        pool.submit { for path in paths { unlink(path) } }
    }

    func close() { pool.close() }
}

/// A failed system call on a file.
enum FileError: Error {
    /// The file is not there: it was removed since its row was read.
    case missing(String)
    case full
    case failed(path: String, code: Int32)

    static func last(_ path: String) -> FileError {
        switch errno {
        case ENOENT: .missing(path)
        case ENOSPC, EDQUOT: .full
        default: .failed(path: path, code: errno)
        }
    }
}
