import Glibc
import ServiceKit

/// A file of log lines that is set aside when it has grown, and forgotten when it is old.
final class LogFile {
    static let defaultSize = 8 << 20
    /// `tables.log`, `tables.log.1`, `tables.log.2`
    static let generations = 2

    private let path: String
    private let longest: Int
    private var descriptor: Int32 = -1
    private var size = 0

    init(_ path: String, longest: Int = LogFile.defaultSize) {
        self.path = path
        self.longest = longest
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func append(_ line: [UInt8]) throws {
        if descriptor < 0 { try openFile() }
        if size > 0, size + line.count + 1 > longest {
            rotate()
            try openFile()
        }
        Terminal.write(line + [UInt8(ascii: "\n")], to: descriptor)
        size += line.count + 1
    }

    private func openFile() throws {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileBytes.Failure(path: path, code: errno) }
        size = Int(lseek(descriptor, 0, SEEK_END))
    }

    private func rotate() {
        close(descriptor)
        descriptor = -1
        for generation in stride(from: Self.generations, to: 1, by: -1) {
            rename("\(path).\(generation - 1)", "\(path).\(generation)")
        }
        rename(path, "\(path).1")
    }

    /// The files of a log, the oldest first.
    static func generationPaths(_ path: String) -> [String] {
        (1...generations).reversed().map { "\(path).\($0)" } + [path]
    }
}
