import Glibc

/// Small files read and written whole, at start-up.
public enum FileBytes {
    public struct Failure: Error, CustomStringConvertible {
        public let path: String
        public let code: Int32

        public init(path: String, code: Int32) {
            self.path = path
            self.code = code
        }

        public var description: String { "\(path): \(String(cString: strerror(code)))" }
        /// There is no such file.
        public var isMissing: Bool { code == ENOENT }
    }

    /// - Throws: `Failure`; a file longer than `limit` fails with `EFBIG`.
    public static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw Failure(path: path, code: errno) }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else { throw Failure(path: path, code: EFBIG) }
            bytes += chunk[..<count]
        }
    }

    /// Creates a file that only its owner may read, synced; `false` where it is there already.
    public static func createPrivate(_ path: String, _ bytes: [UInt8]) throws -> Bool {
        let draft = "\(path).\(Identifier.lowercase(12)).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(path: draft, code: errno) }
        defer { unlink(draft) }
        let written = write(descriptor, bytes, bytes.count)
        let synced = fsync(descriptor)
        close(descriptor)
        guard written == bytes.count, synced == 0 else { throw Failure(path: draft, code: errno) }
        // A link appears whole or not at all, and never replaces.
        if link(draft, path) == 0 { return true }
        guard errno == EEXIST else { throw Failure(path: path, code: errno) }
        return false
    }

    /// Makes a directory and the ones above it, for their owner alone.
    public static func makeDirectory(_ path: String) throws {
        var partial = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            partial += component + "/"
            if mkdir(partial, 0o700) != 0 && errno != EEXIST { throw Failure(path: partial, code: errno) }
        }
    }
}
