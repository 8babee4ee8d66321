final class HTTP2Session {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    func drain() {}
    func cancelAll() {}
}
extension ServerConnection {
    func serveHTTP2(_ received: [UInt8]) async {}
}
