import HTTP
import HTTPTypes
import ServiceKit

/// `AWS_PROXY`: the function gets the request as an event and answers with the response as JSON.
struct LambdaProxy: Sendable {
    let invoker: LambdaInvoker

    func respond(to call: Invocation) async throws -> HTTPResponse {
        guard let function = LambdaProxy.function(in: call.withStageVariables(call.integration.uri)) else {
            throw Refusal.internalError
        }
        var event = JSONWriter(capacity: 2048)
        event.value(LambdaEvent(call: call, body: try await call.body()))
        let path = call.match.resource.path.drop { $0 == "/" }
        let method = ARN(
            "execute-api", region: call.stage.region, account: call.stage.account,
            "\(call.target.apiID)/\(call.target.stage)/\(call.request.head.method)/\(path)")
        let answer = try await invoker.invoke(function, event.bytes, for: method, timeout: call.integration.timeOut)
        guard !answer.isError else { throw Refusal.badIntegrationAnswer }
        return try LambdaProxy.response(answer.payload, to: call)
    }

    /// The function's ARN in `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations`.
    static func function(in uri: String) -> String? {
        guard let start = uri.firstRange(of: "/functions/"), uri.hasSuffix("/invocations") else { return nil }
        let function = uri[start.upperBound...].dropLast("/invocations".count)
        return function.isEmpty ? nil : String(function)
    }

    /// - Throws: `Refusal.badIntegrationAnswer` for an answer of another form than the documented one.
    static func response(_ answer: JSONValue, to call: Invocation) throws -> HTTPResponse {
        guard let reply = try? ProxyReply(json: answer), (100...599).contains(reply.status) else {
            throw Refusal.badIntegrationAnswer
        }
        var fields = HTTPFields()
        for (name, values) in reply.multiValueHeaders.sorted(by: { $0.key < $1.key }) {
            for value in values { try fields.appendChecked(name, value) }
        }
        for (name, value) in reply.headers.sorted(by: { $0.key < $1.key }) where !fields.contains(name) {
            try fields.appendChecked(name, value)
        }
        if !fields.contains("Content-Type") { fields.append("Content-Type", "application/json") }
        var body = Array(reply.body.utf8)
        let accepted = call.request.head.fields["Accept"] ?? ""
        if reply.isBase64Encoded, MediaType.matches(accepted, call.stage.binaryMediaTypes) {
            guard let bytes = Base64.decode(body) else { throw Refusal.badIntegrationAnswer }
            body = bytes
        }
        return HTTPResponse(status: reply.status, fields: fields, bytes: body)
    }

    private struct ProxyReply: InputShape {
        let status: Int
        let headers: [String: String]
        let multiValueHeaders: [String: [String]]
        let body: String
        let isBase64Encoded: Bool

        init(_ member: Members) throws {
            let status: JSONValue? = try member("statusCode")
            // Functions often answer the number as a string.
            guard let number = status.flatMap({ $0.int64 ?? $0.string.flatMap { Int64($0) } }) else {
                throw MemberError.missing("statusCode")
            }
            self.status = Int(number)
            let headers: [String: JSONValue] = try member("headers") ?? [:]
            self.headers = headers.mapValues { $0.string ?? String(decoding: $0.rawBytes, as: UTF8.self) }
            multiValueHeaders = try member("multiValueHeaders") ?? [:]
            body = try member("body") ?? ""
            isBase64Encoded = try member("isBase64Encoded") ?? false
        }
    }
}

extension HTTPFields {
    private static let framing: Set<String> = ["content-length", "transfer-encoding", "connection", "date"]

    /// Appends what a function answered: framing is ours, and nothing may end a line.
    fileprivate mutating func appendChecked(_ name: String, _ value: String) throws {
        guard !HTTPFields.framing.contains(name.asciiLowercased) else { return }
        let isToken = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }
        guard isToken, value.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) else { throw Refusal.badIntegrationAnswer }
        append(name, value)
    }
}
