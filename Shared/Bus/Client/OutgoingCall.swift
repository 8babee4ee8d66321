import Bytes
import Synchronization
import Time

/// A call as its task hands it to the client's thread.
final class OutgoingCall: Sendable {
    let owner: String
    let request: FrameHeader
    let meta: [UInt8]
    let body: [UInt8]
    let stream: ByteStream?
    let ticket: CallTicket
    let continuation: UnsafeContinuation<BusReply, any Error>

    init(
        _ request: BusRequest, to owner: String, meta: [UInt8], ticket: CallTicket,
        continuation: UnsafeContinuation<BusReply, any Error>
    ) {
        var flags: FrameHeader.Flags = request.isIdempotent ? .idempotent : []
        if let stream = request.stream, Frame.embeddable(stream) == nil { flags.insert(.stream) }
        self.owner = owner
        self.request = FrameHeader(
            kind: .request, flags: flags, correlation: ticket.correlation, deadline: request.deadline,
            trace: request.trace)
        self.meta = meta
        body = request.body
        stream = request.stream
        self.ticket = ticket
        self.continuation = continuation
    }
}

/// Names a call at the client, and remembers a cancellation that overtakes it on the way to the client's thread.
final class CallTicket: Sendable {
    private static let serial = Atomic<UInt64>(0)

    let correlation = serial.add(1, ordering: .relaxed).newValue
    private let wasCancelled = Atomic(false)

    var isCancelled: Bool { wasCancelled.load(ordering: .acquiring) }
    func cancel() { wasCancelled.store(true, ordering: .releasing) }
}

enum ClientCommand: Sendable {
    case call(OutgoingCall)
    case cancel(UInt64)
    case signal(UInt64, StreamSignal)
    /// `nil`: the owner's addresses could not be found.
    case resolved(owner: String, [BusAddress]?)
    case close
}
