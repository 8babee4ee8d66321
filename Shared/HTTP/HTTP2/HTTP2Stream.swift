import Bytes
import HTTPTypes

/// One request and its response on an HTTP/2 connection. Confined to the connection's actor.
final class HTTP2Stream {
    typealias Waiter = UnsafeContinuation<Void, Never>

    let id: Int32
    var headers = HTTP2Headers()
    var trailers: HTTP2Headers?
    let began: LoopTime
    /// The head is whole and its task runs, or ran.
    var isReady = false
    /// The handler has answered, or was never asked.
    var isClosed = false
    var task: Task<Void, Never>?

    // The request's body.
    private(set) var inbound: [[UInt8]] = []
    private(set) var inboundCount = 0
    var received = 0
    var inboundEnded = false
    var reader: Waiter?

    // The response's body.
    var outbound: [UInt8] = []
    var outboundOffset = 0
    var outboundEnded = false
    /// The last byte has become a frame: nothing more is asked of this object.
    var outboundFinished = false
    var outboundTrailers = HTTPFields()
    var writer: Waiter?

    /// Since when somebody waits for the client: it may not take for ever.
    var waitsSince = LoopTime.never

    init(_ id: Int32, at now: LoopTime) {
        self.id = id
        began = now
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        inbound.append(Array(bytes))
        inboundCount += bytes.count
        received += bytes.count
        wakeReader()
    }

    /// Everything that has come and not been read, as one piece; there must be something.
    func takeInbound() -> [UInt8] {
        var taken = inbound[0]
        taken.reserveCapacity(inboundCount)
        for piece in inbound.dropFirst() { taken += piece }
        inbound.removeAll(keepingCapacity: true)
        inboundCount = 0
        return taken
    }

    /// Whether a reader has nothing to take yet, and something may still come.
    var awaitsInput: Bool { inboundCount == 0 && !inboundEnded && !isClosed }

    var hasOutbound: Bool { outboundOffset < outbound.count }

    func wakeReader() {
        guard let waiter = reader else { return }
        reader = nil
        waitsSince = .never
        waiter.resume()
    }

    func wakeWriter() {
        guard let waiter = writer else { return }
        writer = nil
        waitsSince = .never
        waiter.resume()
    }

    /// Ends the stream for its handler: waits end, the task is told.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        wakeReader()
        wakeWriter()
        task?.cancel()
    }
}
