import HTTPTypes

/// A header block as it arrives, within our limits.
struct HTTP2Headers {
    private(set) var pseudo: [String: String] = [:]
    private(set) var fields = HTTPFields()
    private var byteCount = 0
    private(set) var fault: HTTP1Fault?

    mutating func append(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, _ limits: HTTPLimits
    ) {
        byteCount += name.count + value.count + 4
        guard fault == nil else { return }
        guard byteCount <= limits.fieldsBytes + limits.startLineBytes, fields.count < limits.fieldCount,
            name.count + value.count <= max(limits.fieldLineBytes, limits.startLineBytes)
        else {
            fault = .fieldsTooLarge
            return
        }
        guard let text = String(validating: value, as: UTF8.self) else {
            fault = .malformed("header field is not UTF-8")
            return
        }
        let key = String(decoding: name, as: UTF8.self)
        if name.first == UInt8(ascii: ":") {
            pseudo[key] = text
        } else if key == "cookie", let cookies = fields["cookie"] {
            // Clients may cut cookies up for better compression (RFC 9113 section 8.2.3).
            fields["cookie"] = cookies + "; " + text
        } else {
            fields.append(key, text)
        }
    }

    /// Of a head that was refused for the size of its fields: what came before the field that was too much.
    var oversizedHead: RequestHead? {
        guard fault == .fieldsTooLarge, let method = pseudo[":method"], let path = pseudo[":path"] else { return nil }
        var whole = fields
        if let authority = pseudo[":authority"] { whole["host"] = authority }
        return try? RequestTarget.normalize(RequestHead(method: method, target: path, fields: whole))
    }

    /// The head a handler sees: as if it had come by HTTP/1.1.
    func requestHead() throws(HTTP1Fault) -> RequestHead {
        if let fault { throw fault }
        guard let method = pseudo[":method"], let path = pseudo[":path"] else { throw .unknownMethod }
        guard ByteClass.isTarget(path.utf8) else { throw .malformed("invalid request target") }
        let authority = pseudo[":authority"] ?? fields["host"]
        guard let authority, ByteClass.isHost(authority.utf8) else { throw .malformed("invalid host") }
        let hosts = fields.all("host")
        guard hosts.isEmpty || hosts == [authority] else { throw .malformed("two different hosts") }
        var whole = HTTPFields()
        whole.reserveCapacity(fields.count + 1)
        whole.append("host", authority)
        for field in fields.fields where field.name != "host" { whole.append(field.name, field.value) }
        return try RequestTarget.normalize(RequestHead(method: method, target: path, fields: whole))
    }
}
