/// ZeroMQ's wire protocol, [ZMTP 3.1](https://rfc.zeromq.org/spec/37/), as far as two ends on one machine need it.
///
/// Nothing is enciphered (the NULL mechanism), so that both ends send their whole opening at once. libzmq understands it
/// at either end.
enum ZMTP {
    /// What this end is, in ZeroMQ's terms.
    enum Role: String {
        case caller = "DEALER"
        case owner = "ROUTER"
    }

    struct Violation: Error {}

    enum Flag {
        static let more: UInt8 = 1
        static let long: UInt8 = 2
        static let command: UInt8 = 4
    }

    static let greetingSize = 64
    /// The longest head of a frame: flags and a length of eight bytes.
    static let longestHead = 9

    /// Greeting and READY: all an end says before its messages.
    static func opening(as role: Role) -> [UInt8] {
        var bytes: [UInt8] = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1]
        bytes += Array("NULL".utf8)
        bytes += [UInt8](repeating: 0, count: greetingSize - bytes.count)
        return bytes + command("READY", property("Socket-Type", role.rawValue) + property("Identity", ""))
    }

    /// - Parameter content: at most 200 bytes.
    static func command(_ name: String, _ content: [UInt8]) -> [UInt8] {
        [Flag.command, UInt8(1 + name.utf8.count + content.count), UInt8(name.utf8.count)] + Array(name.utf8) + content
    }

    /// Asks for a sign of life; no time to live, no context.
    static let ping = command("PING", [0, 0])

    private static func property(_ name: String, _ value: String) -> [UInt8] {
        [UInt8(name.utf8.count)] + Array(name.utf8) + [0, 0, 0, UInt8(value.utf8.count)] + Array(value.utf8)
    }

    /// Whether the other end speaks the same.
    static func accepts(greeting bytes: UnsafeRawBufferPointer) -> Bool {
        bytes[0] == 0xff && bytes[9] == 0x7f && bytes[10] >= 3 && bytes[12..<32].elementsEqual(mechanism)
    }

    private static let mechanism = Array("NULL".utf8) + [UInt8](repeating: 0, count: 16)

    static func appendHead(of count: Int, _ flags: UInt8, to bytes: inout [UInt8]) {
        if let short = UInt8(exactly: count) {
            bytes.append(flags)
            bytes.append(short)
        } else {
            bytes.append(flags | Flag.long)
            withUnsafeBytes(of: UInt64(count).bigEndian) { bytes.append(contentsOf: $0) }
        }
    }
}

extension ZMTP {
    /// The beginning of a frame.
    struct Head {
        let flags: UInt8
        /// Bytes of the head itself.
        let size: Int
        /// Bytes that follow.
        let length: Int

        /// `nil` if `bytes` end within it.
        init?(_ bytes: UnsafeRawBufferPointer) throws(Violation) {
            guard bytes.count >= 2 else { return nil }
            flags = bytes[0]
            guard flags & Flag.long != 0 else {
                size = 2
                length = Int(bytes[1])
                return
            }
            guard bytes.count >= longestHead else { return nil }
            size = longestHead
            let number = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt64.self))
            guard let length = Int(exactly: number) else { throw Violation() }
            self.length = length
        }

        var isLast: Bool { flags & Flag.more == 0 }
        var isCommand: Bool { flags & Flag.command != 0 }
    }
}
