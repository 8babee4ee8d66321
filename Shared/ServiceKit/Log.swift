import Glibc

/// Structured log lines: one JSON object a line on standard error.
///
/// Values must never be secrets: no credentials, tokens, passwords or message bodies.
public struct Log: Sendable {
    public enum Level: Int, Sendable, Comparable {
        case debug, info, warning, error
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

        init?(named name: String) {
            switch name {
            case "debug": self = .debug
            case "info": self = .info
            case "warning": self = .warning
            case "error": self = .error
            default: return nil
            }
        }
    }

    private let service: String
    private let threshold: Level
    private let context: [(String, String)]

    public init(service: String, threshold: Level = .info) {
        self.init(service: service, threshold: threshold, context: [])
    }

    private init(service: String, threshold: Level, context: [(String, String)]) {
        self.service = service
        self.threshold = threshold
        self.context = context
    }

    /// A log that adds these to every line.
    public func with(_ context: KeyValuePairs<String, String>) -> Log {
        Log(service: service, threshold: threshold, context: self.context + context.map { ($0.key, $0.value) })
    }

    public func debug(_ message: String, _ values: KeyValuePairs<String, String> = [:]) {
        write(.debug, "debug", message, values)
    }
    public func info(_ message: String, _ values: KeyValuePairs<String, String> = [:]) {
        write(.info, "info", message, values)
    }
    public func warning(_ message: String, _ values: KeyValuePairs<String, String> = [:]) {
        write(.warning, "warning", message, values)
    }
    public func error(_ message: String, _ values: KeyValuePairs<String, String> = [:]) {
        write(.error, "error", message, values)
    }

    private func write(_ level: Level, _ name: String, _ message: String, _ values: KeyValuePairs<String, String>) {
        guard level >= threshold else { return }
        var json = JSONWriter()
        json.object { json in
            json.member("time", Timestamp.now().iso8601(milliseconds: true))
            json.member("level", name)
            json.member("service", service)
            json.member("message", message)
            for (key, value) in context { json.member(key, value) }
            for (key, value) in values { json.member(key, value) }
        }
        // One write a line, so that lines of several threads do not mix.
        let line = json.bytes + [UInt8(ascii: "\n")]
        _ = Glibc.write(STDERR_FILENO, line, line.count)
    }
}
