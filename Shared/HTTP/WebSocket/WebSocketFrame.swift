/// One frame, RFC 6455 section 5.2.
struct WebSocketFrame: Equatable {
    enum Opcode: UInt8 {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10

        var isControl: Bool { rawValue >= 8 }
    }

    var isFinal = true
    var opcode: Opcode
    var payload: [UInt8]

    /// Writes the frame; a client gives a mask.
    func write(mask: UInt32?, to out: inout [UInt8]) {
        out.append((isFinal ? 0x80 : 0) | opcode.rawValue)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch payload.count {
        case ...125: out.append(maskBit | UInt8(payload.count))
        case ...0xffff:
            out.append(maskBit | 126)
            Self.append(UInt64(payload.count), bytes: 2, to: &out)
        default:
            out.append(maskBit | 127)
            Self.append(UInt64(payload.count), bytes: 8, to: &out)
        }
        guard let mask else { return out.append(contentsOf: payload) }
        Self.append(UInt64(mask), bytes: 4, to: &out)
        let start = out.count
        out.append(contentsOf: payload)
        Self.apply(mask, to: &out, from: start)
    }

    private static func append(_ number: UInt64, bytes: Int, to out: inout [UInt8]) {
        for index in (0..<bytes).reversed() { out.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
    }

    /// Masks or unmasks, which is the same: each byte with the mask's in turn.
    static func apply(_ mask: UInt32, to bytes: inout [UInt8], from start: Int = 0) {
        for index in bytes.indices[start...] {
            bytes[index] ^= UInt8(truncatingIfNeeded: mask >> UInt32(24 - 8 * ((index - start) & 3)))
        }
    }
}
