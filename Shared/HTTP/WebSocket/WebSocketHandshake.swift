import Bytes
import COpenSSL
import HTTPTypes

/// The upgrade from HTTP/1.1, RFC 6455 section 4.
enum WebSocketHandshake {
    private static let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// The value of `Sec-WebSocket-Accept` for a key.
    static func accept(_ key: String) -> String {
        let text = Array((key + guid).utf8)
        var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        SHA1(text, text.count, &digest)
        return Base64.string(digest)
    }

    /// A client's key: sixteen random bytes.
    static func makeKey() -> String { Base64.string((0..<16).map { _ in .random(in: 0...255) }) }

    /// What a server answers: the 101, or why not.
    static func response(to request: HTTP1Request, fields: HTTPFields) -> ResponseHead {
        let offered = request.head.fields
        guard request.upgrades, request.head.method == "GET", names(offered.all("Upgrade"), "websocket") else {
            return ResponseHead(status: 426, fields: ["Upgrade": "websocket", "Connection": "Upgrade"])
        }
        guard offered["Sec-WebSocket-Version"] == "13" else {
            return ResponseHead(status: 426, fields: ["Sec-WebSocket-Version": "13"])
        }
        let keys = offered.all("Sec-WebSocket-Key")
        guard keys.count == 1, Base64.decode(keys[0].utf8)?.count == 16 else { return ResponseHead(status: 400) }
        var fields = fields
        fields["Upgrade"] = "websocket"
        fields["Connection"] = "Upgrade"
        fields["Sec-WebSocket-Accept"] = accept(keys[0])
        return ResponseHead(status: 101, fields: fields)
    }

    private static func names(_ values: [String], _ name: String) -> Bool {
        values.contains { value in
            value.split(separator: ",").contains { option in
                String(option).filter { $0 != " " && $0 != "\t" }.equalsIgnoringCase(name)
            }
        }
    }

    /// Whether a server's answer to a client's key accepts the upgrade.
    static func isAccepted(_ head: ResponseHead, key: String) -> Bool {
        head.status == 101 && names(head.fields.all("Upgrade"), "websocket")
            && names(head.fields.all("Connection"), "upgrade") && head.fields["Sec-WebSocket-Accept"] == accept(key)
            && !head.fields.contains("Sec-WebSocket-Extensions")
    }
}
