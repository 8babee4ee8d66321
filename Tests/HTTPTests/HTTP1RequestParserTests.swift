import HTTPTypes
import Testing

@testable import HTTP

/// Everything a parser says about some bytes fed to it in the given pieces.
func requestEvents(_ pieces: [[UInt8]], limits: HTTPLimits = HTTPLimits()) -> ([HTTP1RequestParser.Event], HTTP1Fault?)
{
    var parser = HTTP1RequestParser(limits: limits)
    var events: [HTTP1RequestParser.Event] = []
    var body: [UInt8] = []
    for piece in pieces {
        parser.append(piece)
        do {
            while let event = try parser.next() {
                // How a body is cut is the reader's business: only its bytes count.
                if case .body(let bytes) = event {
                    body += bytes
                } else {
                    if !body.isEmpty { events.append(.body(body)) }
                    body = []
                    events.append(event)
                }
            }
        } catch {
            // Bytes of a body handed on before the fault depend on where it was cut.
            return (events, error)
        }
    }
    if !body.isEmpty { events.append(.body(body)) }
    return (events, nil)
}

func requestEvents(_ text: String, limits: HTTPLimits = HTTPLimits()) -> ([HTTP1RequestParser.Event], HTTP1Fault?) {
    requestEvents([Array(text.utf8)], limits: limits)
}

@Suite("The request parser")
struct HTTP1RequestParserTests {
    private static let wholeRequests = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /x?y=1 HTTP/1.1\r\nHost: a:80\r\nContent-Length: 5\r\n\r\nhelloGET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
        "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;ext=\"v\"\r\nhello\r\n00A\r\n0123456789\r\n0\r\nX-Sum: 1\r\nX-Two:  spaced \t\r\n\r\n",
        "\r\nGET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nConnection: Upgrade, close\r\n\r\n",
        "GET http://example.com:81/p?q HTTP/1.1\r\nHost: other\r\n\r\n",
    ]

    @Test("reads a head into method, target and fields in order")
    func head() throws {
        let (events, fault) = requestEvents("GET /a%20b?c=d HTTP/1.1\r\nHost: h\r\nX:1\r\nx: \t2 \r\nEmpty:\r\n\r\n")
        #expect(fault == nil)
        guard case .head(let request) = events.first else { return #expect(Bool(false)) }
        #expect(request.head.method == "GET")
        #expect(request.head.target == "/a%20b?c=d")
        #expect(request.head.fields.all("X") == ["1", "2"])
        #expect(request.head.fields["Empty"] == "")
        #expect(request.keepsAlive)
        #expect(events.last == .end(trailers: HTTPFields()))
    }

    @Test("says the same byte by byte as at once", arguments: wholeRequests)
    func splitEverywhere(_ text: String) {
        let bytes = Array(text.utf8)
        let whole = requestEvents([bytes])
        #expect(whole.1 == nil)
        let single = requestEvents(bytes.map { [$0] })
        #expect(single == whole)
        for cut in 1..<bytes.count {
            let halves = requestEvents([Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(halves == whole, "cut at \(cut)")
        }
    }

    @Test("reads chunks and their trailers")
    func chunks() {
        let (events, fault) = requestEvents(Self.wholeRequests[2])
        #expect(fault == nil)
        #expect(
            events.dropFirst() == [
                .body(Array("hello0123456789".utf8)), .end(trailers: ["X-Sum": "1", "X-Two": "spaced"]),
            ])
    }

    @Test("takes an absolute target apart, whose host replaces Host")
    func absoluteTarget() throws {
        guard case .head(let request) = requestEvents(Self.wholeRequests[5]).0.first else {
            return #expect(Bool(false))
        }
        #expect(request.head.target == "/p?q")
        #expect(request.head.fields.all("Host") == ["example.com:81"])
    }

    @Test(
        "understands what keeps a connection alive",
        arguments: [
            ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false), ("HTTP/1.0", "", false),
            ("HTTP/1.0", "Connection: Keep-Alive\r\n", true), ("HTTP/1.1", "Connection: x, CLOSE\r\n", false),
        ])
    func keepAlive(_ version: String, _ field: String, _ expected: Bool) {
        let (events, _) = requestEvents("GET / \(version)\r\nHost: a\r\n\(field)\r\n")
        guard case .head(let request) = events.first else { return #expect(Bool(false)) }
        #expect(request.keepsAlive == expected)
    }

    /// Every form of reference/http.md and then some: what two readers could understand differently.
    private static let smuggling: [(name: String, text: String, status: Int)] = [
        ("both lengths", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", 400),
        ("both lengths, other order", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", 400),
        ("two different lengths", "Content-Length: 3\r\nContent-Length: 4\r\n", 400),
        ("two equal lengths", "Content-Length: 3\r\nContent-Length: 3\r\n", 400),
        ("a list of lengths", "Content-Length: 3, 3\r\n", 400),
        ("a signed length", "Content-Length: +3\r\n", 400),
        ("a negative length", "Content-Length: -3\r\n", 400),
        ("a hexadecimal length", "Content-Length: 0x3\r\n", 400),
        ("a spaced length", "Content-Length: 1 2\r\n", 400),
        ("an empty length", "Content-Length:\r\n", 400),
        ("a huge length", "Content-Length: 9999999999999999999999\r\n", 400),
        ("a space before the colon", "Content-Length : 3\r\n", 400),
        ("a tab before the colon", "Transfer-Encoding\t: chunked\r\n", 400),
        ("an unknown coding", "Transfer-Encoding: xchunked\r\n", 501),
        ("a coding with a vertical tab", "Transfer-Encoding: \u{0b}chunked\r\n", 400),
        ("two codings", "Transfer-Encoding: gzip, chunked\r\n", 501),
        ("chunked twice", "Transfer-Encoding: chunked, chunked\r\n", 501),
        ("chunked in two fields", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400),
        ("identity", "Transfer-Encoding: identity\r\n", 501),
        ("a folded field", "X: a\r\n b\r\n", 400),
        ("a fold by tab", "X: a\r\n\tb\r\n", 400),
        ("a fold of the first field", " X: a\r\n", 400),
        ("a bare line feed", "X: a\nY: b\r\n", 400),
        ("a bare carriage return", "X: a\rY: b\r\n", 400),
        ("a zero byte", "X: a\u{0}b\r\n", 400),
        ("a second Host", "Host: b\r\n", 400),
        ("no colon", "Nonsense\r\n", 400),
        ("no name", ": value\r\n", 400),
        ("a name with a space", "Bad Name: x\r\n", 400),
        ("a name above ASCII", "N\u{e4}me: x\r\n", 400),
    ]

    @Test("refuses every form of smuggling", arguments: smuggling)
    func refuses(_ probe: (name: String, text: String, status: Int)) {
        let text = "POST / HTTP/1.1\r\nHost: a\r\n\(probe.text)\r\nabc"
        #expect(requestEvents(text).1?.status == probe.status, "\(probe.name)")
        #expect(requestEvents(text.utf8.map { [$0] }).1?.status == probe.status, "\(probe.name), byte by byte")
    }

    @Test(
        "refuses request lines that are not one",
        arguments: [
            ("GET / HTTP/1.1\n", 400), ("GET  / HTTP/1.1\r\n", 400), ("GET / HTTP/1.1 \r\n", 400), ("GET /\r\n", 400),
            (" GET / HTTP/1.1\r\n", 400), ("G(T / HTTP/1.1\r\n", 400), ("GET /\u{e4} HTTP/1.1\r\n", 400),
            ("GET /#f HTTP/1.1\r\n", 400), ("GET / HTTP/2.0\r\n", 505), ("GET / HTTP/1.2\r\n", 505),
            ("GET / http/1.1\r\n", 400), ("GET / HTTP/1.10\r\n", 400), ("\r\n\r\nGET / HTTP/1.1\r\n", 400),
            ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501), ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET ftp://h/x HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET http://u@h/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET /\tx HTTP/1.1\r\n", 400), ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ])
    func requestLines(_ text: String, _ status: Int) {
        #expect(requestEvents(text).1?.status == status)
    }

    @Test(
        "refuses chunks that are not ones",
        arguments: [
            "x\r\n", "\r\n", "5 \r\nhello\r\n", "+5\r\nhello\r\n", "0x5\r\nhello\r\n", "5\nhello\r\n",
            "5\r\nhelloX\r\n",
            "5\r\nhello\n", "ffffffffffffffffff\r\n", "5;a\nb\r\nhello\r\n", "5;a\u{0}\r\nhello\r\n", "-1\r\n",
            "0\r\nContent-Length: 1\r\n\r\n", "0\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\nHost: x\r\n\r\n",
            "0\r\n folded: x\r\n\r\n", "0\r\nX : y\r\n\r\n",
        ])
    func badChunks(_ body: String) {
        let text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body
        #expect(requestEvents(text).1?.status == 400)
        #expect(requestEvents(text.utf8.map { [$0] }).1?.status == 400)
    }

    @Test("keeps what came of a head that is too large, and nothing of one that is refused for something else")
    func oversized() {
        let limits = HTTPLimits(fieldLineBytes: 30, fieldsBytes: 80, fieldCount: 3)
        func head(_ text: String) -> RequestHead? {
            var parser = HTTP1RequestParser(limits: limits)
            parser.append(Array(text.utf8))
            while (try? parser.next()) != nil {}
            return parser.oversizedHead
        }
        let long = String(repeating: "x", count: 50)
        let found = head("PUT /b/k HTTP/1.1\r\nHost: a\r\nX: \(long)\r\nLate: 1\r\n\r\n")
        #expect(found == RequestHead(method: "PUT", target: "/b/k", fields: ["Host": "a"]))
        #expect(head("GET http://b/k HTTP/1.1\r\nHost: a\r\nX: \(long)")?.fields["Host"] == "b")
        #expect(head("GET / HTTP/1.1\r\nHost: a\r\nBad Name: \(long.prefix(9))\r\n") == nil)
        #expect(head("GET nowhere HTTP/1.1\r\nHost: a\r\nX: \(long)\r\n") == nil)
        let trailer = "0\r\nX: \(long)\r\n\r\n"
        #expect(head("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + trailer) == nil)
    }

    @Test("keeps to its limits, whether a line has ended or not")
    func limits() {
        let limits = HTTPLimits(startLineBytes: 40, fieldLineBytes: 30, fieldsBytes: 80, fieldCount: 3, bodyBytes: 10)
        func status(_ text: String) -> Int? { requestEvents(text, limits: limits).1?.status }
        let long = String(repeating: "x", count: 50)
        #expect(status("GET /\(long) HTTP/1.1\r\n") == 414)
        #expect(status("GET /\(long)") == 414)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nX: \(long)\r\n") == 431)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nX: \(long)") == 431)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 1\r\nC: 1\r\n\r\n") == 431)
        let field = "ABCDEFGH: 123456789012345678\r\n"
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\n" + field + field + field + "\r\n") == 431)
        #expect(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n") == 413)
        let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(status(chunked + "b\r\n") == nil || true)
        #expect(requestEvents(chunked + "6\r\nabcdef\r\n6\r\n", limits: HTTPLimits(bodyBytes: 10)).1?.status == 413)
        #expect(requestEvents(chunked + "1;" + String(repeating: "e", count: 300)).1?.status == 400)
    }

    @Test("stays failed once it has failed")
    func staysFailed() throws {
        var parser = HTTP1RequestParser()
        parser.append("BAD\r\n".utf8)
        #expect(throws: HTTP1Fault.self) { try parser.next() }
        parser.append("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        #expect(throws: HTTP1Fault.self) { try parser.next() }
    }
}
