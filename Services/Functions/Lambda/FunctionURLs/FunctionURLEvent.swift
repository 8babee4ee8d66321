import HTTPTypes
import ServiceKit

/// The event a function gets of a request to its URL: payload format 2.0.
///
/// [Format](https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads)
struct FunctionURLEvent: OutputShape {
    let url: FunctionURL
    let request: PlaneRequest
    let call: Call

    func write(to json: inout JSONWriter) {
        json.member("version", "2.0")
        json.member("routeKey", "$default")
        json.member("rawPath", request.path)
        json.member("rawQueryString", request.query)
        let cookies = request.headers.filter { $0.name.lowercased() == "cookie" }
            .flatMap { $0.value.split(separator: ";").map { String($0.drop { $0 == " " }) } }
        if !cookies.isEmpty { json.member("cookies", cookies) }
        json.member("headers", headers)
        let query = Self.joined(QueryItem.parse(request.query.utf8).map { ($0.name, $0.value) })
        if !query.isEmpty { json.member("queryStringParameters", query) }
        json.member("requestContext") { json in json.object(writeContext) }
        if !request.body.bytes.isEmpty {
            let text = isText ? String(validating: request.body.bytes, as: UTF8.self) : nil
            json.member("body", text ?? Base64.string(request.body.bytes))
            json.member("isBase64Encoded", text == nil)
        } else {
            json.member("isBase64Encoded", false)
        }
    }

    /// Names in lower case, values of one name joined; cookies stand apart.
    private var headers: [String: String] {
        var fields = request.headers.filter { !["cookie", "x-forwarded-for"].contains($0.name.lowercased()) }
            .map { ($0.name.lowercased(), $0.value) }
        let before = request.headers.filter { $0.name.lowercased() == "x-forwarded-for" }.map(\.value)
        fields.append(("x-forwarded-for", (before + [call.source.address]).joined(separator: ", ")))
        fields.append(("x-forwarded-proto", call.source.isSecure ? "https" : "http"))
        return Self.joined(fields)
    }

    private static func joined(_ items: [(String, String)]) -> [String: String] {
        Dictionary(items, uniquingKeysWith: { "\($0),\($1)" })
    }

    private func writeContext(_ json: inout JSONWriter) {
        let caller = call.caller
        let isKnown = url.authentication == .iam
        json.member("accountId", isKnown ? caller.account : "anonymous")
        json.member("apiId", url.id)
        if isKnown {
            json.member("authorizer") { json in
                json.object { json in json.member("iam") { json in json.object { writeIdentity(caller, to: &$0) } } }
            }
        }
        json.member("domainName", request.host)
        json.member("domainPrefix", url.id)
        json.member("http") { json in
            json.object { json in
                json.member("method", request.method)
                json.member("path", request.path)
                json.member("protocol", "HTTP/1.1")
                json.member("sourceIp", call.source.address)
                json.member("userAgent", call.source.userAgent)
            }
        }
        json.member("requestId", call.requestID)
        json.member("routeKey", "$default")
        json.member("stage", "$default")
        json.member("time", Self.logTime(call.now))
        json.member("timeEpoch", call.now.milliseconds)
    }

    private func writeIdentity(_ caller: Caller, to json: inout JSONWriter) {
        json.member("accessKey", caller.accessKeyID)
        json.member("accountId", caller.account)
        json.member("callerId", caller.userID)
        json.member("userArn", caller.arn)
        json.member("userId", caller.userID)
    }

    private var isText: Bool {
        guard let type = request.headers.first(where: { $0.name.lowercased() == "content-type" })?.value else {
            return true
        }
        let essence = type.prefix { $0 != ";" && $0 != " " }.lowercased()
        return essence.hasPrefix("text/") || essence.hasSuffix("+json") || essence.hasSuffix("+xml")
            || ["application/json", "application/xml", "application/javascript"].contains(essence)
    }

    /// `12/Mar/2020:19:03:58 +0000`, from `Thu, 12 Mar 2020 19:03:58 GMT`.
    private static func logTime(_ time: Timestamp) -> String {
        let parts = time.httpDate.split(separator: " ")
        guard parts.count == 6 else { return time.iso8601() }
        return "\(parts[1])/\(parts[2])/\(parts[3]):\(parts[4]) +0000"
    }
}
