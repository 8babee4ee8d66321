import HTTP
import HTTPTypes
import ServiceKit

/// The event a function gets of a proxy integration, payload format 1.0.
///
/// [Format](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html)
struct LambdaEvent: OutputShape {
    let call: Invocation
    let body: [UInt8]

    func write(to json: inout JSONWriter) {
        writeRequest(to: &json)
        writeBody(to: &json)
    }

    /// All but the body, as Lambda authorizers get it.
    func writeRequest(to json: inout JSONWriter) {
        let head = call.request.head
        json.member("resource", call.match.resource.path)
        json.member("path", decodedPath)
        json.member("httpMethod", head.method)
        writeFields(forwardedFields, "headers", "multiValueHeaders", to: &json)
        let query = head.queryItems.map { HTTPFields.Field(name: $0.name, value: $0.value) }
        writeFields(query, "queryStringParameters", "multiValueQueryStringParameters", to: &json)
        writeMap("pathParameters", call.match.parameters, to: &json)
        writeMap("stageVariables", call.stage.variables, to: &json)
        json.member("requestContext") { json in json.object(writeContext) }
    }

    private var decodedPath: String {
        PercentEncoding.decode(call.target.path.utf8).map { String(decoding: $0, as: UTF8.self) } ?? call.target.path
    }

    private var forwardedFields: [HTTPFields.Field] {
        let request = call.request
        var fields = request.head.fields.fields
        let earlier = request.head.fields["X-Forwarded-For"]
        fields.removeAll { $0.name.asciiLowercased.hasPrefix("x-forwarded-") }
        let addresses = [earlier, request.remoteAddress].compactMap { $0 }.joined(separator: ", ")
        fields.append(HTTPFields.Field(name: "X-Forwarded-For", value: addresses))
        fields.append(HTTPFields.Field(name: "X-Forwarded-Proto", value: request.isSecure ? "https" : "http"))
        return fields
    }

    /// The last value of a name in one map, all of them in the other; `null` where there are none.
    private func writeFields(
        _ fields: [HTTPFields.Field], _ single: String, _ multiple: String, to json: inout JSONWriter
    ) {
        guard !fields.isEmpty else {
            json.member(single) { $0.null() }
            json.member(multiple) { $0.null() }
            return
        }
        var values: [String: [String]] = [:]
        for field in fields { values[field.name, default: []].append(field.value) }
        json.member(single, values.compactMapValues(\.last))
        json.member(multiple, values)
    }

    private func writeMap(_ name: String, _ values: [String: String], to json: inout JSONWriter) {
        if values.isEmpty {
            json.member(name) { $0.null() }
        } else {
            json.member(name, values)
        }
    }

    private func writeContext(_ json: inout JSONWriter) {
        let request = call.request
        let host = request.head.fields["Host"] ?? ""
        json.member("resourceId", call.match.resource.id)
        json.member("resourcePath", call.match.resource.path)
        json.member("httpMethod", request.head.method)
        json.member("extendedRequestId", call.requestID)
        json.member("requestTime", call.now.httpDate)
        json.member("requestTimeEpoch", call.now.milliseconds)
        json.member("path", "/\(call.target.stage)\(decodedPath)")
        json.member("accountId", call.stage.account)
        json.member("protocol", "HTTP/1.1")
        json.member("stage", call.target.stage)
        json.member("domainName", host)
        json.member("domainPrefix", String(host.prefix { $0 != "." }))
        json.member("requestId", call.requestID)
        json.member("apiId", call.target.apiID)
        json.member("identity") { json in json.object(writeIdentity) }
        switch call.authorization {
        case .token(let claims):
            json.member("authorizer") { json in json.object { $0.member("claims") { writeClaims(claims, to: &$0) } } }
        case .function(let decision):
            json.member("authorizer", decision.context.merging(["principalId": decision.principalID]) { $1 })
        case .open, .signature: break
        }
    }

    private func writeIdentity(_ json: inout JSONWriter) {
        json.member("sourceIp", call.request.remoteAddress)
        json.member("userAgent", call.request.head.fields["User-Agent"])
        json.member("apiKey", call.key?.value)
        json.member("apiKeyId", call.key?.id)
        guard case .signature(let caller) = call.authorization else { return }
        json.member("accountId", caller.account)
        json.member("caller", caller.userID)
        json.member("user", caller.userID)
        json.member("userArn", caller.arn)
        json.member("accessKey", caller.accessKeyID)
        json.member("cognitoIdentityId", caller.context["cognito-identity.amazonaws.com:sub"]?.first)
    }

    /// API Gateway gives every claim as a string, lists joined by commas.
    private func writeClaims(_ claims: JSONValue, to json: inout JSONWriter) {
        json.object { json in
            for claim in claims.members {
                let text: String
                switch claim.value.kind {
                case .string: text = claim.value.string ?? ""
                case .array: text = claim.value.elements.map { $0.string ?? "" }.joined(separator: ",")
                default: text = String(decoding: claim.value.rawBytes, as: UTF8.self)
                }
                json.member(claim.name, text)
            }
        }
    }

    private func writeBody(to json: inout JSONWriter) {
        guard !body.isEmpty else {
            json.member("body") { $0.null() }
            json.member("isBase64Encoded", false)
            return
        }
        let type = call.request.head.fields["Content-Type"] ?? "application/json"
        let text = MediaType.matches(type, call.stage.binaryMediaTypes) ? nil : String(validating: body, as: UTF8.self)
        json.member("body", text ?? Base64.string(body))
        json.member("isBase64Encoded", text == nil)
    }
}

enum MediaType {
    /// Whether a type such as `image/png; q=1` is one of `image/*`, `*/*`, `image/png`.
    static func matches(_ type: String, _ patterns: [String]) -> Bool {
        let essence = type.prefix { $0 != ";" && $0 != " " && $0 != "," }.lowercased()
        let family = essence.prefix { $0 != "/" }
        return patterns.lazy.map { $0.lowercased() }.contains { $0 == "*/*" || $0 == "\(family)/*" || $0 == essence }
    }
}
