import Glibc
import ServiceKit

/// Stores what the processes say, one file a process, and prints it for whoever watches.
struct Journal {
    /// The supervisor's own name in the logs.
    static let own = "apus"

    private let directory: String
    private let echoes: Bool
    private let isReadable: Bool
    private var files: [String: LogFile] = [:]

    init(directory: String, echoes: Bool) {
        self.directory = directory
        self.echoes = echoes
        isReadable = isatty(STDOUT_FILENO) == 1
    }

    /// A line as a process wrote it. What is no record, such as a crash report, becomes one.
    mutating func write(_ line: [UInt8], of service: String) {
        if let record = LogRecord(line) { return store(line, record, service) }
        let record = LogRecord(service: service, level: "error", message: String(decoding: line, as: UTF8.self))
        store(record.encoded, record, service)
    }

    mutating func note(_ level: String, _ message: String, _ values: [(name: String, value: String)] = []) {
        let record = LogRecord(service: Self.own, level: level, message: message, values: values)
        store(record.encoded, record, Self.own)
    }

    private mutating func store(_ line: [UInt8], _ record: LogRecord, _ service: String) {
        let file = files[service] ?? LogFile("\(directory)/\(service).log")
        files[service] = file
        // A full disk must not stop the stack: the line is still printed.
        try? file.append(line)
        guard echoes else { return }
        Terminal.write((isReadable ? Array(record.readable.utf8) : line) + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
    }
}
