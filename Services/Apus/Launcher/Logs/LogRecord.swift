import ServiceKit

/// One line of a log, as `ServiceKit.Log` writes it.
struct LogRecord {
    let time: String
    let level: String
    let service: String
    let message: String
    let values: [(name: String, value: String)]

    private static let known: Set<String> = ["time", "level", "service", "message"]

    init(service: String, level: String, message: String, values: [(name: String, value: String)] = []) {
        time = Timestamp.now().iso8601(milliseconds: true)
        self.level = level
        self.service = service
        self.message = message
        self.values = values
    }

    /// `nil` for a line that is no record.
    init?(_ line: [UInt8]) {
        guard let json = try? JSONDocument(line).root, let time = json["time"]?.string,
            let message = json["message"]?.string
        else { return nil }
        self.time = time
        self.message = message
        level = json["level"]?.string ?? "info"
        service = json["service"]?.string ?? ""
        values = json.members.filter { !Self.known.contains($0.name) }.map {
            ($0.name, $0.value.string ?? String(decoding: $0.value.rawBytes, as: UTF8.self))
        }
    }

    /// Without the line's end.
    var encoded: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("time", time)
            json.member("level", level)
            json.member("service", service)
            json.member("message", message)
            for (name, value) in values { json.member(name, value) }
        }
        return json.bytes
    }

    /// For people: `09:14:03.120 tables     info    Ready pid=4711`.
    var readable: String {
        let clock = time.split(separator: "T").last.map { $0.prefix(12) } ?? ""
        let pairs = values.map { " \($0.name)=\($0.value)" }.joined()
        return "\(clock) \(service.padded(to: 10)) \(level.padded(to: 7)) \(message)\(pairs)"
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
