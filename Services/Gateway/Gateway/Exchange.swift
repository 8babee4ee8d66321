import Bus
import HTTP
import HTTPTypes
import ServiceKit

/// A request on its way through the pipeline, and what every step knows of it.
struct Exchange: Sendable {
    let request: HTTPRequest
    let host: HostName
    let requestID: String
    let trace: TraceID
    let now: Timestamp

    var head: RequestHead { request.head }

    init(_ request: HTTPRequest, domains: [String], now: Timestamp) {
        self.request = request
        host = HostName(request.head.fields["Host"] ?? "", domains: domains)
        requestID = Identifier.uuid()
        trace = .random()
        self.now = now
    }

    /// What the owner's conditions and addresses need.
    var source: Call.Source {
        var source = Call.Source()
        source.address = request.remoteAddress
        source.isSecure = request.isSecure
        source.userAgent = head.fields["User-Agent"] ?? ""
        source.endpoint = endpoint
        return source
    }

    /// `http://localhost:4566`
    var endpoint: String { "\(request.isSecure ? "https" : "http")://\(head.fields["Host"] ?? "localhost")" }
}
