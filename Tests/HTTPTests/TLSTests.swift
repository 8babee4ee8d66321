import Bytes
import HTTPTypes
import Testing

@testable import HTTP

@Suite("TLS")
struct TLSTests {
    private func client(_ trust: TLSTrust) -> HTTPClient { HTTPClient(configuration: .init(trust: trust)) }

    private func withTLSServer(_ tls: TLSContext, _ test: (HTTPServer) async throws -> Void) async throws {
        try await withServer({ $0.listeners = [.tcp(port: 0, tls: tls)] }, handler: echo, test)
    }

    private let get = RequestHead(method: "GET", target: "/s")

    @Test("A client that trusts the authority talks to the server by name and by address")
    func trusted() async throws {
        let certificate = SelfSignedCertificate("DNS:localhost,IP:127.0.0.1")
        try await withTLSServer(try TLSContext(certificates: [certificate.tls])) { server in
            let client = client(.authorities(certificate.chain))
            for host in ["localhost", "127.0.0.1"] {
                let origin = Origin(scheme: .https, host: host, port: server.port)
                for _ in 0..<3 {
                    let (head, body) = try await client.send(get, to: origin)
                    #expect(head.status == 200)
                    #expect(try await body.text() == "GET /s ")
                }
            }
        }
    }

    @Test("A client refuses an unknown authority and a name the certificate does not hold")
    func untrusted() async throws {
        let certificate = SelfSignedCertificate("DNS:other.example")
        try await withTLSServer(try TLSContext(certificates: [certificate.tls])) { server in
            let origin = Origin(scheme: .https, host: "localhost", port: server.port)
            for trust in [TLSTrust.system, .authorities(certificate.chain)] {
                await #expect(throws: ConnectionError.self) { try await client(trust).send(get, to: origin) }
            }
        }
    }

    @Test("The certificate follows the name asked for, wildcards included, and can be replaced")
    func serverNames() async throws {
        let one = SelfSignedCertificate("DNS:one.localhost")
        let many = SelfSignedCertificate("DNS:*.many.localhost")
        let context = try TLSContext(certificates: [one.tls, many.tls])
        try await withTLSServer(context) { server in
            func status(_ host: String, _ trust: SelfSignedCertificate) async throws -> Int {
                let origin = Origin(scheme: .https, host: host, port: server.port)
                return try await client(.authorities(trust.chain)).send(get, to: origin).0.status
            }
            #expect(try await status("one.localhost", one) == 200)
            #expect(try await status("a.many.localhost", many) == 200)
            await #expect(throws: ConnectionError.self) { try await status("a.many.localhost", one) }
            await #expect(throws: ConnectionError.self) { try await status("many.localhost", many) }
            let renewed = SelfSignedCertificate("DNS:one.localhost")
            try context.reload([renewed.tls])
            #expect(try await status("one.localhost", renewed) == 200)
            await #expect(throws: ConnectionError.self) { try await status("one.localhost", one) }
        }
    }

    @Test("A key that does not belong to its certificate is refused, and text that is neither")
    func mismatch() throws {
        let one = SelfSignedCertificate("DNS:a")
        let two = SelfSignedCertificate("DNS:b")
        #expect(throws: TLSError.self) {
            try TLSContext(certificates: [TLSCertificate(chain: one.chain, key: two.key)])
        }
        #expect(throws: TLSError.self) { try TLSCertificate(chain: "nonsense", key: one.key) }
        #expect(throws: TLSError.self) { try TLSContext(certificates: []) }
    }

    @Test("A client in the clear on a TLS port is let go")
    func plainText() async throws {
        let certificate = SelfSignedCertificate("DNS:localhost")
        try await withTLSServer(try TLSContext(certificates: [certificate.tls])) { server in
            let raw = try await RawConnection(port: server.port)
            try await raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(!(await raw.receiveToEnd().contains("200 OK")))
        }
    }

    @Test("Ten megabytes go both ways under TLS")
    func large() async throws {
        let certificate = SelfSignedCertificate("DNS:localhost")
        let tls = try TLSContext(certificates: [certificate.tls])
        let mirror: @Sendable (HTTPRequest) async -> HTTPResponse = {
            HTTPResponse(status: 200, body: .stream($0.body))
        }
        try await withServer({ $0.listeners = [.tcp(port: 0, tls: tls)] }, handler: mirror) { server in
            let sent = (0..<10 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            let (_, body) = try await client(.authorities(certificate.chain)).send(
                RequestHead(method: "PUT", target: "/"),
                to: Origin(scheme: .https, host: "localhost", port: server.port),
                bytes: sent)
            #expect(try await body.collect(upTo: 1 << 24) == sent)
        }
    }
}
