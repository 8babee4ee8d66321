import HTTP
import HTTPTypes
import ServiceKit

/// Cross-origin requests of browsers: https://fetch.spec.whatwg.org/#http-cors-protocol
struct CrossOrigin: Sendable {
    /// Without verified signatures only pages of this machine may call.
    let allowsOnlyLoopback: Bool

    private static let exposed = [
        "x-amzn-RequestId", "x-amzn-ErrorType", "x-amzn-ErrorMessage", "x-amz-request-id", "x-amz-id-2",
        "x-amz-version-id",
        "x-amz-delete-marker", "x-amz-apigw-id", "x-amzn-Remapped-Content-Length", "ETag", "Date", "Content-Length",
        "Content-Range",
    ].joined(separator: ",")

    func refusal(of exchange: Exchange) -> HTTPResponse? {
        guard allowsOnlyLoopback, let origin = exchange.head.fields["Origin"], !CrossOrigin.isLoopback(origin) else {
            return nil
        }
        return HTTPResponse(status: 403, text: "Pages of other machines may not use an open stack.\n")
    }

    /// The answer to a question about a request to come.
    func preflight(_ exchange: Exchange) -> HTTPResponse? {
        let fields = exchange.head.fields
        guard exchange.head.method == "OPTIONS", let origin = fields["Origin"],
            let method = fields["Access-Control-Request-Method"]
        else { return nil }
        var answer: HTTPFields = [
            "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": method,
            "Access-Control-Expose-Headers": CrossOrigin.exposed, "Access-Control-Max-Age": "172800", "Vary": "Origin",
        ]
        answer["Access-Control-Allow-Headers"] = fields["Access-Control-Request-Headers"]
        return HTTPResponse(status: 200, fields: answer)
    }

    func expose(_ response: inout HTTPResponse, to exchange: Exchange) {
        guard let origin = exchange.head.fields["Origin"],
            !response.head.fields.contains("Access-Control-Allow-Origin")
        else { return }
        response.head.fields.append("Access-Control-Allow-Origin", origin)
        response.head.fields.append("Access-Control-Expose-Headers", CrossOrigin.exposed)
        response.head.fields.append("Vary", "Origin")
    }

    private static func isLoopback(_ origin: String) -> Bool {
        guard let start = origin.range(ofScheme: "://") else { return false }
        let host = origin[start...].prefix { $0 != ":" && $0 != "/" }
        return host == "localhost" || host.hasSuffix(".localhost") || host == "127.0.0.1"
            || host.hasSuffix(".localhost.localstack.cloud") || origin[start...].hasPrefix("[::1]")
    }
}

extension String {
    /// Where the host of an origin begins.
    fileprivate func range(ofScheme separator: String) -> String.Index? {
        guard let colon = firstIndex(of: ":"), self[colon...].hasPrefix(separator) else { return nil }
        return index(colon, offsetBy: separator.count)
    }
}
