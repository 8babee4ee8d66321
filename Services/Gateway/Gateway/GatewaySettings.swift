import HTTP
import ServiceKit

/// The gateway's settings.
///
/// | name | meaning | default |
/// | --- | --- | --- |
/// | `APUS_HOST`, `APUS_PORT` | the listener | `127.0.0.1`, `4566` |
/// | `APUS_OPEN` | `1`: any credentials are believed, on loopback only | off |
/// | `APUS_DOMAINS` | further domains the stack is reached under, with commas | |
/// | `APUS_TLS_CERTIFICATE`, `APUS_TLS_KEY` | PEM files: the listener speaks TLS | |
/// | `APUS_ACCESS_LOG` | `1`: one line a request | off |
struct GatewaySettings: Sendable {
    let address: String
    let port: Int
    let isOpen: Bool
    let domains: [String]
    let tls: TLSContext?
    let logsAccess: Bool
    let account: String
    let region: String

    init(_ configuration: Config) throws {
        address = configuration["APUS_HOST"] ?? "127.0.0.1"
        port = try configuration.number("APUS_PORT", default: 4566)
        isOpen = configuration.flag("APUS_OPEN")
        domains = (configuration["APUS_DOMAINS"] ?? "").split(separator: ",").map { $0.lowercased() }
        logsAccess = configuration.flag("APUS_ACCESS_LOG")
        account = configuration.account
        region = configuration.region
        tls = try GatewaySettings.tls(configuration)
        guard !isOpen || GatewaySettings.isLoopback(address) else {
            throw ConfigError(name: "APUS_OPEN", value: "1", expected: "used with a loopback address only")
        }
    }

    private static func isLoopback(_ address: String) -> Bool {
        let parts = address.split(separator: ".")
        return address == "::1" || (parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil })
    }

    private static func tls(_ configuration: Config) throws -> TLSContext? {
        guard let chain = configuration["APUS_TLS_CERTIFICATE"], let key = configuration["APUS_TLS_KEY"] else {
            return nil
        }
        let certificate = try TLSCertificate(
            chain: String(decoding: try FileBytes.read(chain, limit: 1 << 20), as: UTF8.self),
            key: String(decoding: try FileBytes.read(key, limit: 1 << 20), as: UTF8.self))
        return try TLSContext(certificates: [certificate])
    }
}
