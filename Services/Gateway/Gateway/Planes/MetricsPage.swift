import HTTP
import ServiceKit

/// The counters of the whole stack, in Prometheus' text form; an executable that does not answer is left out.
struct MetricsPage: Sendable {
    let host: ServiceHost

    func answer() async -> HTTPResponse {
        let parts = await withTaskGroup(of: (String, String?).self) { group in
            for owner in Owners.all {
                group.addTask { [host] in
                    let reply = try? await host.client.callHost(owner, "ReadMetrics") { _ in }
                    return (owner, reply?.output["exposition"]?.string)
                }
            }
            return await group.reduce(into: [String: String]()) { $0[$1.0] = $1.1 }
        }
        let text = host.metrics.exposition() + Owners.all.compactMap { parts[$0] }.joined()
        return HTTPResponse(
            status: 200, fields: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"], bytes: Array(text.utf8))
    }
}
