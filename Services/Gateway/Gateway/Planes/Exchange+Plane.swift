import HTTP
import HTTPTypes
import ServiceKit

extension ServiceClient.Options {
    /// Those of a call on behalf of a client's request.
    init(of exchange: Exchange) {
        self.init()
        trace = exchange.trace
        source = exchange.source
        requestID = exchange.requestID
    }
}

extension PlaneRequest {
    /// A client's request as its owner gets it.
    init(_ exchange: Exchange, path: String, parameters: [String: String], body: [UInt8]) {
        self.init(
            method: exchange.head.method, host: exchange.head.fields["Host"] ?? "", path: path,
            query: String(exchange.head.query), headers: exchange.head.fields.map { Header($0.name, $0.value) },
            parameters: parameters, body: body)
    }
}

extension HTTPResponse {
    /// What a plane's owner answered, as it is.
    init(_ reply: ServiceReply) throws {
        let answer = try PlaneResponse(json: reply.output)
        var head = ResponseHead(status: answer.status)
        for header in answer.headers { head.fields.append(header.name, header.value) }
        if let stream = reply.stream {
            self.init(head: head, body: .stream(stream))
        } else {
            self.init(head: head, body: answer.bytes.bytes.isEmpty ? .empty : .bytes(answer.bytes.bytes))
        }
    }
}
