import Bus
import HTTP
import ServiceKit

/// The door of the stack: HTTP outside, operations on the bus inside.
public enum Gateway {
    /// The loops of the listeners, one a core.
    public static var reactors: [any BusReactor] { EventLoopGroup.shared.loops }

    /// Opens the listeners; they close when the host stops.
    public static func start(on host: ServiceHost) async throws {
        _ = try await listen(on: host)
    }

    /// As `start`, and gives the server, whose port the kernel may have chosen.
    static func listen(on host: ServiceHost) async throws -> HTTPServer {
        let settings = try GatewaySettings(host.configuration)
        let pipeline = try Pipeline(host: host, settings: settings)
        let server = HTTPServer(configuration: configuration(settings, pipeline, host)) { await pipeline.answer($0) }
        try await server.start()
        host.atClose { await server.shutDown(within: .seconds(10)) }
        host.log.info("Listening", ["address": "\(settings.address):\(server.port)", "open": "\(settings.isOpen)"])
        return server
    }

    private static func configuration(
        _ settings: GatewaySettings, _ pipeline: Pipeline, _ host: ServiceHost
    ) -> HTTPServer.Configuration {
        let listener = HTTPServer.Listener.tcp(host: settings.address, port: settings.port, tls: settings.tls)
        var configuration = HTTPServer.Configuration(listeners: [listener])
        configuration.answerToOversizedHead = { pipeline.answer(toOversized: $0) }
        if settings.logsAccess {
            let log = host.log
            configuration.accessLog = { AccessLog.write($0, to: log) }
        }
        return configuration
    }
}

/// One line for each request; queries are left out, because presigned ones hold signatures.
enum AccessLog {
    static func write(_ entry: AccessLogEntry, to log: Log) {
        log.info(
            "Request",
            [
                "method": entry.head.method, "path": String(entry.head.path), "status": "\(entry.status)",
                "bytes": "\(entry.bytesSent)", "milliseconds": "\(entry.duration.milliseconds)",
                "address": entry.remoteAddress, "agent": entry.head.fields["User-Agent"] ?? "",
            ])
    }
}
