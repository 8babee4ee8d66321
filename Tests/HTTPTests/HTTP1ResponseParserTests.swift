import HTTPTypes
import Testing

@testable import HTTP

func responseEvents(
    _ pieces: [[UInt8]], to method: String = "GET", closed: Bool = false
) -> ([HTTP1ResponseParser.Event], HTTP1Fault?) {
    var parser = HTTP1ResponseParser()
    parser.expect(responseTo: method)
    var events: [HTTP1ResponseParser.Event] = []
    var body: [UInt8] = []
    for piece in pieces {
        parser.append(piece)
        do {
            while let event = try parser.next() {
                if case .body(let bytes) = event { body += bytes } else { events.append(event) }
            }
        } catch {
            return (events, error)
        }
    }
    if closed, let end = parser.connectionEnded() { events.append(end) }
    return (events + (body.isEmpty ? [] : [.body(body)]), nil)
}

@Suite("The response parser")
struct HTTP1ResponseParserTests {
    @Test(
        "reads every framing, cut anywhere",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n",
            "HTTP/1.0 200 fine so\r\n\r\nuntil the end",
        ])
    func framings(_ text: String) {
        let bytes = Array(text.utf8)
        let whole = responseEvents([bytes], closed: true)
        #expect(whole.1 == nil)
        #expect(whole.0.contains { if case .end = $0 { true } else { false } })
        #expect(whole.0.contains { if case .body = $0 { true } else { false } })
        #expect(responseEvents(bytes.map { [$0] }, closed: true) == whole)
    }

    @Test("knows which responses have no body", arguments: [("HEAD", 200), ("GET", 204), ("GET", 304)])
    func bodyless(_ method: String, _ status: Int) {
        let text = "HTTP/1.1 \(status) x\r\nContent-Length: 9\r\n\r\n"
        let (events, fault) = responseEvents([Array(text.utf8)], to: method)
        #expect(fault == nil)
        #expect(events.last == .end(trailers: HTTPFields()))
    }

    @Test("does not take a cut body for a whole one")
    func truncated() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"
        let (events, _) = responseEvents([Array(text.utf8)], closed: true)
        #expect(!events.contains { if case .end = $0 { true } else { false } })
    }

    @Test(
        "refuses what is not a response",
        arguments: [
            "HTTP/1.1 20 OK\r\n", "HTTP/2 200\r\n", "HTTP/1.1 2000\r\n", "HTTP/1.1 999 x\r\n", "ICY 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
            "HTTP/1.1 200 OK\n\n",
        ])
    func refuses(_ text: String) {
        #expect(responseEvents([Array(text.utf8)]).1 != nil)
    }

    @Test("reads field values that are not UTF-8 as Latin-1")
    func latin1() {
        let bytes = Array("HTTP/1.1 204 x\r\nX: caf".utf8) + [0xe9] + Array("\r\n\r\n".utf8)
        guard case .head(let head, _, _) = responseEvents([bytes]).0.first else { return #expect(Bool(false)) }
        #expect(head.fields["X"] == "café")
    }
}
