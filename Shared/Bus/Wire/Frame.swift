import Bytes

/// One message: header, meta and body, each a ZeroMQ frame.
struct Frame: Sendable {
    /// Frames after the peer's routing id, which only a server sees.
    static let parts = 3

    var header: FrameHeader
    var meta: [UInt8] = []
    var body: [UInt8] = []
    /// Handed over with the message, where the link can.
    var file: OwnedDescriptor?
}

extension Frame {
    /// The frame that carries a stream's signal to the other end.
    init(_ signal: StreamSignal, correlation: UInt64) {
        switch signal {
        case .chunk(let number, let bytes):
            self.init(header: FrameHeader(kind: .chunk, correlation: correlation, chunk: number), body: bytes)
        case .file(let number, let stretch):
            let header = FrameHeader(kind: .chunk, flags: .file, correlation: correlation, chunk: number)
            self.init(header: header, body: stretch.encoded(), file: stretch.file)
        case .end(let number):
            self.init(header: FrameHeader(kind: .chunk, flags: .end, correlation: correlation, chunk: number))
        case .failed(let number):
            self.init(header: FrameHeader(kind: .chunk, flags: .failed, correlation: correlation, chunk: number))
        case .credit(let limit):
            self.init(header: FrameHeader(kind: .credit, correlation: correlation, chunk: limit))
        case .abandon:
            self.init(header: FrameHeader(kind: .cancel, flags: .stream, correlation: correlation))
        }
    }
}

/// A short stream travels in the message of its request or reply rather than in messages of its own.
extension Frame {
    /// The frame of a request or reply, with its stream's bytes where they are few and at hand.
    init(header: FrameHeader, meta: [UInt8], body: [UInt8], stream: ByteStream?) {
        self.init(header: header, meta: meta, body: body)
        guard let bytes = Frame.embeddable(stream) else { return }
        self.header.flags.insert([.stream, .embedded])
        self.header.chunk = UInt32(body.count)
        self.body.append(contentsOf: bytes)
    }

    /// The bytes that need no messages of their own; `nil` for a stream that does.
    static func embeddable(_ stream: ByteStream?) -> [UInt8]? {
        guard let bytes = stream?.bytesAtHand, bytes.count <= BusLimits.embeddedBytes else { return nil }
        return bytes
    }

    /// Body and stream as they were before; `nil` where the header's number does not fit.
    static func separated(
        _ bytes: UnsafeRawBufferPointer, _ header: FrameHeader
    ) -> (body: [UInt8], stream: ByteStream?)? {
        guard header.flags.contains(.embedded) else { return ([UInt8](bytes), nil) }
        let count = Int(header.chunk)
        guard count <= bytes.count, bytes.count - count <= BusLimits.embeddedBytes else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[count...])
        return ([UInt8](UnsafeRawBufferPointer(rebasing: bytes[..<count])), ByteStream([UInt8](rest)))
    }
}
