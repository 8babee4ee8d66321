import Glibc
import ServiceKit

/// `apus logs`
struct Logs {
    /// Without `-f`, so many of the last lines.
    private static let count = 2000
    private static let longestFile = 64 << 20

    let stack: Stack
    let options: Invocation.Options

    func run() throws -> Int32 {
        let names = try services()
        let isReadable = isatty(STDOUT_FILENO) == 1
        for line in Self.merged(names.map(lines)).suffix(Self.count) { Self.say(line, isReadable: isReadable) }
        if options.follows { follow(names, isReadable: isReadable) }
        return 0
    }

    /// - Throws: `NoLogs` for a service that never said anything.
    private func services() throws -> [String] {
        let files = FolderListing.names(in: stack.logDirectory)
        let all = files.filter { $0.hasSuffix(".log") }.map { String($0.dropLast(4)) }
        guard let service = options.service else { return all }
        guard all.contains(service) else { throw NoLogs(service: service) }
        return [service]
    }

    private func lines(of service: String) -> [[UInt8]] {
        LogFile.generationPaths("\(stack.logDirectory)/\(service).log").flatMap { path in
            let bytes = (try? FileBytes.read(path, limit: Self.longestFile)) ?? []
            return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
        }
    }

    /// By time; each service's own order stays.
    static func merged(_ logs: [[[UInt8]]]) -> [[UInt8]] {
        let timed = logs.flatMap { lines in lines.map { (LogRecord($0)?.time ?? "", $0) } }
        return timed.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
    }

    private static func say(_ line: [UInt8], isReadable: Bool) {
        if isReadable, let record = LogRecord(line) { return Terminal.say(record.readable) }
        Terminal.write(line + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
    }

    // MARK: Following

    /// Until the user has enough. Looks five times a second; a file that was set aside is read to its end first.
    private func follow(_ names: [String], isReadable: Bool) {
        var tails = names.map { LogTail("\(stack.logDirectory)/\($0).log") }
        while true {
            for index in tails.indices {
                for line in tails[index].lines() { Self.say(line, isReadable: isReadable) }
            }
            usleep(200_000)
        }
    }
}

struct NoLogs: Error, CustomStringConvertible {
    let service: String
    var description: String { "there are no logs of \(service)" }
}

/// Reads what is appended to a log from now on.
struct LogTail {
    private let path: String
    private var descriptor: Int32
    private var inode: ino_t = 0
    private var splitter = LineSplitter()

    init(_ path: String) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        lseek(descriptor, 0, SEEK_END)
        inode = Self.inode(of: path) ?? 0
    }

    mutating func lines() -> [[UInt8]] {
        var lines = read()
        // Another file has the name: the old one was set aside.
        if let current = Self.inode(of: path), current != inode {
            lines += read()
            close(descriptor)
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            inode = current
            lines += read()
        }
        return lines
    }

    private mutating func read() -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 {
            lines += splitter.lines(adding: buffer[..<count])
        }
        return lines
    }

    private static func inode(of path: String) -> ino_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_ino : nil
    }
}
