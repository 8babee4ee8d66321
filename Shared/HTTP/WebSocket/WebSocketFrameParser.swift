/// Frames out of bytes, however they were cut. A parser that threw stays failed.
struct WebSocketFrameParser {
    private struct Header {
        var isFinal: Bool
        var opcode: WebSocketFrame.Opcode
        var length: Int
        var mask: UInt32?
        /// Bytes the header itself takes.
        var size: Int
    }

    private let expectsMask: Bool
    private let maximumPayload: Int
    private var input = InputBuffer()
    private var header: Header?
    private var fault: WebSocketFault?

    /// - Parameters:
    ///   - expectsMask: true for a server: clients mask every frame, servers none.
    ///   - maximumPayload: bytes of one frame.
    init(expectsMask: Bool, maximumPayload: Int) {
        self.expectsMask = expectsMask
        self.maximumPayload = maximumPayload
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) { input.append(bytes) }
    mutating func append(_ bytes: some Collection<UInt8>) { input.append(bytes) }

    /// The next whole frame, or `nil` where more bytes are needed.
    mutating func next() throws(WebSocketFault) -> WebSocketFrame? {
        if let fault { throw fault }
        do throws(WebSocketFault) {
            return try nextFrame()
        } catch {
            fault = error
            throw error
        }
    }

    private mutating func nextFrame() throws(WebSocketFault) -> WebSocketFrame? {
        if header == nil { header = try readHeader() }
        guard let header, input.count >= header.length else { return nil }
        var payload = header.length == 0 ? [] : input.take(upTo: header.length)
        if let mask = header.mask { WebSocketFrame.apply(mask, to: &payload) }
        self.header = nil
        return WebSocketFrame(isFinal: header.isFinal, opcode: header.opcode, payload: payload)
    }

    private mutating func readHeader() throws(WebSocketFault) -> Header? {
        let header = try input.withUnread { bytes throws(WebSocketFault) in try parseHeader(bytes) }
        if let header { input.consume(header.size) }
        return header
    }

    private func parseHeader(_ bytes: UnsafeBufferPointer<UInt8>) throws(WebSocketFault) -> Header? {
        guard bytes.count >= 2 else { return nil }
        guard bytes[0] & 0x70 == 0 else { throw .malformed("reserved bits are set") }
        guard let opcode = WebSocketFrame.Opcode(rawValue: bytes[0] & 0x0f) else { throw .malformed("unknown opcode") }
        let isFinal = bytes[0] & 0x80 != 0
        let isMasked = bytes[1] & 0x80 != 0
        guard isMasked == expectsMask else { throw .malformed(isMasked ? "frame is masked" : "frame is not masked") }
        let short = bytes[1] & 0x7f
        guard !opcode.isControl || (isFinal && short <= 125) else { throw .malformed("invalid control frame") }
        let lengthBytes = short == 126 ? 2 : short == 127 ? 8 : 0
        let size = 2 + lengthBytes + (isMasked ? 4 : 0)
        guard bytes.count >= 2 + lengthBytes else { return nil }
        let length = lengthBytes == 0 ? UInt64(short) : Self.number(bytes[2..<(2 + lengthBytes)])
        let shortest: UInt64 = lengthBytes == 0 ? 0 : lengthBytes == 2 ? 126 : 0x1_0000
        guard length >= shortest else { throw .malformed("length in too many bytes") }
        guard length <= maximumPayload else { throw .tooBig }
        guard bytes.count >= size else { return nil }
        let mask = isMasked ? UInt32(truncatingIfNeeded: Self.number(bytes[(size - 4)..<size])) : nil
        return Header(isFinal: isFinal, opcode: opcode, length: Int(length), mask: mask, size: size)
    }

    private static func number(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
