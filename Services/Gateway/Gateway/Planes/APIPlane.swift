import AWSSignature
import ExecuteAPI
import HTTP
import ServiceKit

/// Deployed APIs: `APIs` owns their definitions, this gateway serves the snapshots it fetched.
struct APIPlane: Sendable {
    private let executor: ExecuteAPI
    private let authenticator: Authenticator

    init(host: ServiceHost, authenticator: Authenticator) {
        let executor = ExecuteAPI(client: host.client, http: HTTPClient(), clock: host.clock, log: host.log)
        self.executor = executor
        self.authenticator = authenticator
        // A lost ring costs seconds: the executor looks again by itself.
        host.listen(to: ["apis"], topics: ["apis/"], missed: {}) { event in
            executor.invalidate(String(event.topic.dropFirst("apis/".count)))
        }
    }

    func answer(_ exchange: Exchange, api: String, stage: String, path: String) async throws -> HTTPResponse {
        let target = ExecuteAPI.Target(apiID: api, stage: stage, path: path)
        guard case .signed = try? RequestAuthentication.parse(exchange.head) else {
            return await executor.respond(to: exchange.request, for: target) {
                throw SignatureError.missingAuthentication
            }
        }
        // A signature covers the body, which can be read once only.
        let body = try await exchange.request.body.collect(upTo: ExecuteAPI.largestBody)
        let request = HTTPRequest(
            head: exchange.head, body: ByteStream(body), remoteAddress: exchange.request.remoteAddress,
            tlsVersion: exchange.request.tlsVersion, httpVersion: exchange.request.httpVersion,
            listener: exchange.request.listener)
        return await executor.respond(to: request, for: target) {
            try await authenticator.caller(of: exchange, body: body, service: "execute-api")
        }
    }
}
