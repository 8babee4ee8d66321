import Bus
import Glibc

/// `apus-tables healthcheck`: exit code 0 when the running executable of that name answers: this container's, not one
/// of its replicas elsewhere.
enum Healthcheck {
    static func run(_ name: String) async throws -> Never {
        let configuration = try Config.current()
        let routes = try Routes(configuration, toOwn: name)
        let bus = BusClient(routes: routes, security: try BusSecurity(configuration))
        let request = BusRequest(
            service: "apus.host", operation: "Health", caller: Caller.service("healthcheck.apus").encoded,
            deadline: .now() + .seconds(2))
        let reply = try await bus.call(name, request)
        exit(reply.isError ? 1 : 0)
    }
}
