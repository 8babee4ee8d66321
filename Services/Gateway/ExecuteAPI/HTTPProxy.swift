import HTTP
import HTTPTypes
import ServiceKit

/// `HTTP_PROXY`: the request goes on to another server, and its answer comes back, both as streams.
struct HTTPProxy: Sendable {
    let client: HTTPClient

    /// Fields that concern one connection only, RFC 9110 section 7.6.1.
    private static let hopByHop: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
        "upgrade", "host", "content-length", "expect",
    ]

    func respond(to call: Invocation) async throws -> HTTPResponse {
        var uri = call.withStageVariables(call.integration.uri)
        for (name, value) in call.match.parameters {
            let encoded = PercentEncoding.string(value, keepingSlash: true)
            uri = uri.replacing("{\(name)}", with: encoded).replacing("{\(name)+}", with: encoded)
        }
        guard let (origin, target) = Origin.parse(url: uri) else { throw Refusal.internalError }
        let query = call.request.head.query
        let separator = target.contains("?") ? "&" : "?"
        var head = RequestHead(
            method: method(for: call), target: query.isEmpty ? target : "\(target)\(separator)\(query)")
        for field in call.request.head.fields where !HTTPProxy.hopByHop.contains(field.name.asciiLowercased) {
            head.fields.append(field.name, field.value)
        }
        head.fields.append("X-Forwarded-For", call.request.remoteAddress)
        let (answer, body): (ResponseHead, ByteStream)
        do {
            (answer, body) = try await client.send(
                head, to: origin, body: call.request.body, timeout: call.integration.timeOut)
        } catch {
            throw Refusal.timedOut
        }
        var fields = HTTPFields()
        for field in answer.fields where !HTTPProxy.hopByHop.contains(field.name.asciiLowercased) {
            fields.append(field.name, field.value)
        }
        return HTTPResponse(status: answer.status, fields: fields, body: .stream(body))
    }

    private func method(for call: Invocation) -> String {
        guard let method = call.integration.httpMethod, method != "ANY" else { return call.request.head.method }
        return method
    }
}
