import HTTPTypes

/// An answer over HTTP/2.
extension Exchange {
    init(_ head: RequestHead, _ response: HTTPResponse) {
        self.init(
            HTTP1Request(
                head: head, version: .http2, body: .length(0), expectsContinue: false, keepsAlive: true,
                upgrades: false),
            response, closes: false)
    }

    /// The head as HTTP/2 fields; `nil` where one of them would break out of its line behind a proxy.
    func http2Fields(date: [UInt8]) -> [(name: String, value: String)]? {
        var fields = [(name: ":status", value: String(response.head.status))]
        var hasDate = false
        for field in response.head.fields.fields {
            guard ByteClass.isToken(field.name.utf8), ByteClass.isFieldValue(field.value.utf8) else { return nil }
            let name = field.name.asciiLowercased
            switch name {
            // RFC 9113 section 8.2.2: they speak of a connection that is not there.
            case "connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection", "content-length":
                continue
            case "date": hasDate = true
            default: break
            }
            fields.append((name, field.value))
        }
        if !hasDate { fields.append(("date", String(decoding: date, as: UTF8.self))) }
        if let length = declaredLength { fields.append(("content-length", String(length))) }
        return fields
    }
}
