import Glibc

/// Settings, from the environment first and the file `apus.conf` (`NAME=value` lines) in the data directory second.
///
/// | name | meaning | default |
/// | --- | --- | --- |
/// | `APUS_DATA` | directory of everything durable | `.apus` |
/// | `APUS_RUN` | directory of sockets, mode 0700 | `$APUS_DATA/run` |
/// | `APUS_REGION`, `APUS_ACCOUNT` | the stack's own | `us-east-1`, `000000000000` |
/// | `APUS_HOST`, `APUS_PORT` | the gateway's listener | `127.0.0.1`, `4566` |
/// | `APUS_OPEN` | `1`: any credentials are believed (loopback only) | off |
/// | `APUS_BUS_BIND` | address this service binds instead of its Unix socket | |
/// | `APUS_BUS_<OWNER>` | address of another service: `tcp://tables:7000` | its Unix socket |
/// | `APUS_BUS_KEY` | file of the key that encrypts the bus over TCP; made where it is missing | |
/// | `APUS_SHARED_DATA` | `1`: replicas on this machine share the data directory (`functions` only) | off |
/// | `APUS_LOG` | `debug`, `info`, `warning`, `error` | `info` |
public struct Config: Sendable {
    public let dataDirectory: String
    public let runDirectory: String
    public let region: String
    public let account: String
    private let values: [String: String]

    public init(environment: [String: String]) throws {
        let data = environment["APUS_DATA"] ?? ".apus"
        var values = try Config.file("\(data)/apus.conf")
        values.merge(environment) { _, new in new }
        self.values = values
        dataDirectory = data
        runDirectory = values["APUS_RUN"] ?? "\(data)/run"
        region = values["APUS_REGION"] ?? "us-east-1"
        account = values["APUS_ACCOUNT"] ?? "000000000000"
    }

    /// The setting of this process.
    public static func current() throws -> Config { try Config(environment: processEnvironment()) }

    public subscript(name: String) -> String? { values[name] }

    public func number(_ name: String, default fallback: Int) throws -> Int {
        guard let text = values[name] else { return fallback }
        guard let number = Int(text) else { throw ConfigError(name: name, value: text, expected: "a whole number") }
        return number
    }

    public func flag(_ name: String) -> Bool { ["1", "true", "yes", "on"].contains(values[name] ?? "") }

    private static func processEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let variable = entry.pointee {
            let parts = String(cString: variable).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }

    private static func file(_ path: String) throws -> [String: String] {
        guard let text = try? FileBytes.read(path, limit: 1 << 20) else { return [:] }
        var values: [String: String] = [:]
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            let line = line.drop { $0 == " " }
            if line.isEmpty || line.hasPrefix("#") { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw ConfigError(name: path, value: String(line), expected: "lines NAME=value")
            }
            values[String(parts[0])] = String(parts[1])
        }
        return values
    }
}

public struct ConfigError: Error, CustomStringConvertible {
    public let name: String
    public let value: String
    public let expected: String

    public init(name: String, value: String, expected: String) {
        (self.name, self.value, self.expected) = (name, value, expected)
    }

    public var description: String { "\(name) is \"\(value)\", but must be \(expected)" }
}
