import HTTP
import HTTPTypes
import ServiceKit

/// Cross-origin requests of browsers: https://fetch.spec.whatwg.org/#http-cors-protocol
///
/// S3 answers by its buckets' rules; the other services let every page call them, as on AWS: what protects them is
/// the signature.
struct CrossOrigin: Sendable {
    private let client: ServiceClient
    /// Without verified signatures only pages of this machine may call, and those need no rules.
    private let isOpen: Bool

    private static let exposed = [
        "x-amzn-RequestId", "x-amzn-ErrorType", "x-amzn-ErrorMessage", "x-amz-request-id", "x-amz-id-2",
        "x-amz-version-id", "x-amz-delete-marker", "x-amz-apigw-id", "x-amzn-Remapped-Content-Length", "ETag", "Date",
        "Content-Length", "Content-Range",
    ].joined(separator: ",")

    init(client: ServiceClient, isOpen: Bool) {
        self.client = client
        self.isOpen = isOpen
    }

    func refusal(of exchange: Exchange) -> HTTPResponse? {
        guard isOpen, let origin = exchange.head.fields["Origin"], !CrossOrigin.isLoopback(origin) else { return nil }
        return HTTPResponse(status: 403, text: "Pages of other machines may not use an open stack.\n")
    }

    /// The answer to a question about a request to come.
    func preflight(_ exchange: Exchange) async -> HTTPResponse? {
        let fields = exchange.head.fields
        guard exchange.head.method == "OPTIONS" else { return nil }
        guard let origin = fields["Origin"] else {
            return BucketName.of(exchange).map { _ in CrossOrigin.incompleteQuestion(exchange) }
        }
        let method = fields["Access-Control-Request-Method"]
        if let bucket = BucketName.of(exchange) {
            guard let method else { return CrossOrigin.incompleteQuestion(exchange) }
            let headers = HeaderNames.split(fields["Access-Control-Request-Headers"] ?? "")
            switch await decision(on: bucket, origin: origin, method: method, headers: headers) {
            case .rule(let fields): return HTTPResponse(status: 200, fields: fields)
            case .refused where !isOpen: return CrossOrigin.refusedByBucket(exchange)
            case .refused, .noBucket: break
            }
        }
        var answer: HTTPFields = [
            "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": CrossOrigin.exposed,
            "Access-Control-Max-Age": "172800",
        ]
        answer["Access-Control-Allow-Methods"] = method
        answer["Access-Control-Allow-Headers"] = fields["Access-Control-Request-Headers"]
        return HTTPResponse(status: 200, fields: answer)
    }

    func expose(_ response: inout HTTPResponse, to exchange: Exchange) async {
        guard let origin = exchange.head.fields["Origin"],
            !response.head.fields.contains("Access-Control-Allow-Origin")
        else { return }
        if response.head.fields.contains("x-amz-id-2"), !isOpen, let bucket = BucketName.of(exchange) {
            let decision = await decision(on: bucket, origin: origin, method: exchange.head.method, headers: [])
            guard case .rule(let fields) = decision else { return }
            for field in fields { response.head.fields.append(field.name, field.value) }
            return
        }
        response.head.fields.append("Access-Control-Allow-Origin", "*")
        response.head.fields.append("Access-Control-Expose-Headers", CrossOrigin.exposed)
    }

    // MARK: Buckets' rules

    private enum Decision {
        case rule(HTTPFields)
        case refused
        case noBucket
    }

    private func decision(on bucket: String, origin: String, method: String, headers: [String]) async -> Decision {
        var options = ServiceClient.Options()
        options.timeout = .seconds(5)
        options.isIdempotent = true
        let reply = try? await client.call("apus.objects", "MatchCORS", options: options) { json in
            json.member("Bucket", bucket)
            json.member("Origin", origin)
            json.member("Method", method)
            json.member("Headers", headers)
        }
        guard let reply, let members = try? Members(reply.output) else { return .noBucket }
        guard let fields = try? CrossOrigin.fields(members) else { return .refused }
        return .rule(fields)
    }

    private static func fields(_ member: Members) throws -> HTTPFields {
        let origin: String = try member("AllowOrigin")
        let methods: [String] = try member("AllowMethods") ?? []
        let headers: [String] = try member("AllowHeaders") ?? []
        let exposed: [String] = try member("ExposeHeaders") ?? []
        let maxAge: Int? = try member("MaxAgeSeconds")
        var fields: HTTPFields = [
            "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": methods.joined(separator: ", "),
            "Vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
        ]
        if !headers.isEmpty { fields.append("Access-Control-Allow-Headers", headers.joined(separator: ", ")) }
        if !exposed.isEmpty { fields.append("Access-Control-Expose-Headers", exposed.joined(separator: ", ")) }
        if let maxAge { fields.append("Access-Control-Max-Age", "\(maxAge)") }
        if origin != "*" { fields.append("Access-Control-Allow-Credentials", "true") }
        return fields
    }

    /// S3's answer to a browser's question that does not say who asks, or for what.
    private static func incompleteQuestion(_ exchange: Exchange) -> HTTPResponse {
        let message =
            exchange.head.fields.contains("Origin")
            ? "Invalid Access-Control-Request-Method: null"
            : "Insufficient information. Origin request header needed."
        return refusal(400, "BadRequest", message, exchange)
    }

    private static func refusedByBucket(_ exchange: Exchange) -> HTTPResponse {
        let message =
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request "
            + "method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the "
            + "resource's CORS spec."
        return refusal(403, "AccessForbidden", message, exchange)
    }

    private static func refusal(_ status: Int, _ code: String, _ message: String, _ exchange: Exchange) -> HTTPResponse
    {
        let text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code><Message>\(message)</Message>"
            + "<RequestId>\(exchange.requestID)</RequestId><HostId>\(exchange.trace.hex)</HostId></Error>"
        return HTTPResponse(status: status, fields: ["Content-Type": "application/xml"], bytes: Array(text.utf8))
    }

    private static func isLoopback(_ origin: String) -> Bool {
        guard let colon = origin.firstIndex(of: ":"), origin[colon...].hasPrefix("://") else { return false }
        let rest = origin[colon...].dropFirst(3)
        let host = rest.prefix { $0 != ":" && $0 != "/" }
        return host == "localhost" || host.hasSuffix(".localhost") || host == "127.0.0.1"
            || host.hasSuffix(".localhost.localstack.cloud") || rest.hasPrefix("[::1]")
    }
}

/// The bucket a request is about, where it may be about one.
enum BucketName {
    static func of(_ exchange: Exchange) -> String? {
        switch exchange.host.meaning {
        case .bucket(let name): return name
        case .stack, .service(endpointPrefix: "s3"):
            let first = exchange.head.path.dropFirst().prefix { $0 != "/" }
            return first.isEmpty ? nil : String(first)
        default: return nil
        }
    }
}

private enum HeaderNames {
    static func split(_ list: String) -> [String] {
        list.split { $0 == "," || $0 == " " }.map(String.init)
    }
}
