import Bytes
import HTTPTypes

/// One request's answer on its way: how it is framed, and how much of it has left.
struct Exchange {
    private(set) var response: HTTPResponse
    private(set) var framing: HTTP1Writer.Framing
    private(set) var sendsBody: Bool
    private let isHTTP10: Bool
    var closes: Bool
    var bytesSent = 0

    init(_ request: HTTP1Request, _ response: HTTPResponse, closes: Bool) {
        self.response = response
        isHTTP10 = request.version == .http1_0
        let status = response.head.status
        let isBodyless = status < 200 || status == 204 || status == 304
        sendsBody = !isBodyless && request.head.method != "HEAD"
        framing = Self.framing(response, isHTTP10: isHTTP10)
        if isBodyless { framing = .none }
        // HEAD and 304 may say how long the body would have been: the handler knows.
        if !sendsBody, status != 204, status >= 200 {
            let declared = response.head.fields["Content-Length"].flatMap { Int($0) }
            if let declared, declared >= 0 { framing = .length(declared) }
            if framing == .chunked || framing == .untilClose { framing = .none }
        }
        self.closes = closes || framing == .untilClose
    }

    private static func framing(_ response: HTTPResponse, isHTTP10: Bool) -> HTTP1Writer.Framing {
        switch response.body {
        case .empty, .webSocket: .length(0)
        case .bytes(let bytes): .length(bytes.count)
        case .stream(let stream):
            if let length = stream.length { .length(length) } else { isHTTP10 ? .untilClose : .chunked }
        }
    }

    /// Becomes an empty 500 that ends the connection.
    mutating func fail() {
        response = HTTPResponse(status: 500)
        sendsBody = false
        closes = true
    }

    var declaredLength: Int? {
        if case .length(let length) = framing { return length }
        return nil
    }

    func writeHead(date: [UInt8], to out: inout [UInt8]) throws(HTTPFieldError) {
        try HTTP1Writer.write(
            response.head, framing, closes: closes, isHTTP10: isHTTP10 && !closes, date: date, to: &out)
    }
}
