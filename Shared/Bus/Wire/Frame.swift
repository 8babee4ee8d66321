/// One message: header, meta and body, each a ZeroMQ frame.
struct Frame: Sendable {
    /// Frames after the peer's routing id, which only a server sees.
    static let parts = 3

    var header: FrameHeader
    var meta: [UInt8] = []
    var body: [UInt8] = []
}

extension Frame {
    /// The frame that carries a stream's signal to the other end.
    init(_ signal: StreamSignal, correlation: UInt64) {
        switch signal {
        case .chunk(let number, let bytes):
            self.init(header: FrameHeader(kind: .chunk, correlation: correlation, chunk: number), body: bytes)
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
