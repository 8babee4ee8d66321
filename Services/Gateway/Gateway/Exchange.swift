import AWSSignature
import Bus
import HTTP
import HTTPTypes
import ServiceKit

/// A request on its way through the pipeline, and what every step knows of it. An object, as every step is handed it.
final class Exchange: Sendable {
    let request: HTTPRequest
    let host: HostName
    let trace: TraceID
    /// The trace in the form of a UUID, as clients print it and people search for it.
    let requestID: String
    let now: Timestamp

    var head: RequestHead { request.head }

    init(_ request: HTTPRequest, host: HostName, now: Timestamp) {
        self.request = request
        self.host = host
        self.now = now
        trace = .random()
        requestID = Exchange.requestID(of: trace)
    }

    private init(_ exchange: Exchange, _ head: RequestHead) {
        var request = exchange.request
        request.head = head
        self.request = request
        host = exchange.host
        now = exchange.now
        trace = exchange.trace
        requestID = exchange.requestID
    }

    /// A presigned request of Version 2 has its headers in the query.
    func withHeadersOfQuery() -> Exchange {
        VersionTwoSignature.isPresent(in: head) ? Exchange(self, VersionTwoSignature.headersOfQuery(head)) : self
    }

    /// What the owner's conditions and addresses need.
    var source: Call.Source {
        var source = Call.Source()
        source.address = request.remoteAddress
        source.tlsVersion = request.tlsVersion
        source.userAgent = head.fields["User-Agent"] ?? ""
        source.endpoint = endpoint
        return source
    }

    /// `http://localhost:4566`
    var endpoint: String { "\(request.isSecure ? "https" : "http")://\(head.fields["Host"] ?? "localhost")" }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func requestID(of trace: TraceID) -> String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var index = 0
            for position in 0..<32 {
                if position == 8 || position == 12 || position == 16 || position == 20 {
                    buffer[index] = UInt8(ascii: "-")
                    index += 1
                }
                let half = position < 16 ? trace.high : trace.low
                buffer[index] = digits[Int(half >> UInt64(60 - position % 16 * 4) & 15)]
                index += 1
            }
            return index
        }
    }
}
