import HTTPTypes

/// An open WebSocket, RFC 6455: messages both ways, at either end of the connection.
///
/// Pings are answered while somebody waits in `next`; a silent peer is pinged, and given up when it stays silent.
public actor WebSocket {
    public enum Message: Sendable, Equatable {
        case text(String)
        case binary([UInt8])
    }

    /// Which end of the connection this is: clients mask what they send.
    enum Role { case client, server }

    /// How long a peer may be silent before it is pinged, and again before it is given up.
    private static let silenceMilliseconds: Int64 = 60_000
    private static let closeMilliseconds: Int64 = 2_000
    private static let writeStallMilliseconds: Int64 = 30_000
    /// Queued bytes up to which `send` returns at once.
    private static let unsentLimit = 64 * 1024

    private nonisolated let loop: EventLoop
    private let channel: Channel
    private let role: Role
    private let maximumBytes: Int
    private var frames: WebSocketFrameParser
    private var messages: WebSocketMessages
    private var sentClose = false
    private var isOver = false
    /// Why the peer closed; `nil` while it has not.
    public private(set) var closeCode: WebSocketCloseCode?
    public private(set) var closeReason = ""

    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// - Parameter received: bytes that came behind the handshake.
    init(_ channel: Channel, role: Role, received: [UInt8], maximumBytes: Int) {
        self.channel = channel
        self.role = role
        self.maximumBytes = maximumBytes
        loop = channel.loop
        frames = WebSocketFrameParser(expectsMask: role == .server, maximumPayload: maximumBytes)
        frames.append(received)
        messages = WebSocketMessages(maximumBytes: maximumBytes)
    }

    deinit { loop.execute { [channel] in channel.close() } }

    /// The next message, or `nil` once the socket has been closed by either side.
    ///
    /// - Throws: `WebSocketFault` where the peer breaks the protocol (it has been told), `ConnectionError` where it vanished.
    public func next() async throws -> Message? {
        do {
            while !isOver {
                guard let frame = try frames.next() else {
                    guard try await fill() else { return vanish() }
                    continue
                }
                if let event = try messages.accept(frame), let message = await handle(event) { return message }
            }
            return nil
        } catch let fault as WebSocketFault {
            closeCode = closeCode ?? fault.code
            await close(fault.code, reason: fault.reason)
            throw fault
        }
    }

    private func vanish() -> Message? {
        isOver = true
        closeCode = closeCode ?? .abnormal
        return nil
    }

    private func fill() async throws(ConnectionError) -> Bool {
        var wasPinged = false
        while true {
            let patience = sentClose ? Self.closeMilliseconds : Self.silenceMilliseconds
            let deadline = loop.now.advanced(byMilliseconds: patience)
            do throws(ConnectionError) {
                return try await channel.fill(until: deadline, "silence", cancellable: true) { frames.append($0) }
            } catch {
                guard case .timedOut = error, !wasPinged, !sentClose else { throw error }
                wasPinged = true
                try await write(.ping, [])
            }
        }
    }

    private func handle(_ event: WebSocketMessages.Event) async -> Message? {
        switch event {
        case .message(let message): return message
        case .pong: return nil
        case .ping(let payload):
            if !sentClose { try? await write(.pong, payload) }
            return nil
        case .close(let code, let reason):
            closeCode = code
            closeReason = reason
            isOver = true
            await close(code == .noCode ? .normal : code)
            return nil
        }
    }

    /// Sends a message; waits while the peer does not take what was sent before.
    public func send(_ message: Message) async throws {
        switch message {
        case .text(let text): try await write(.text, Array(text.utf8))
        case .binary(let bytes): try await write(.binary, bytes)
        }
    }

    /// Asks the peer for a sign of life; its answer is not reported.
    public func ping() async throws { try await write(.ping, []) }

    /// Says goodbye; `next` then ends when the peer has answered.
    public func close(_ code: WebSocketCloseCode = .normal, reason: String = "") async {
        guard !sentClose, channel.isOpen else { return }
        sentClose = true
        let text = code.isSendable ? Self.shortened(reason) : []
        let payload = code.isSendable ? [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xff)] + text : []
        queue(WebSocketFrame(opcode: .close, payload: payload))
        try? await channel.flush(downTo: 0, stallMilliseconds: Self.closeMilliseconds)
    }

    /// A control frame holds 125 bytes, two of them the code; a character is never cut.
    private static func shortened(_ reason: String) -> [UInt8] {
        var text = reason
        while text.utf8.count > 123 { text.removeLast() }
        return Array(text.utf8)
    }

    private func write(_ opcode: WebSocketFrame.Opcode, _ payload: [UInt8]) async throws(ConnectionError) {
        guard !sentClose, channel.isOpen else { throw .closed }
        queue(WebSocketFrame(opcode: opcode, payload: payload))
        channel.flushSoon()
        guard channel.pendingCount > Self.unsentLimit else { return }
        try await channel.flush(downTo: Self.unsentLimit, stallMilliseconds: Self.writeStallMilliseconds)
    }

    private func queue(_ frame: WebSocketFrame) {
        channel.queue { frame.write(mask: role == .client ? .random(in: 0...(.max)) : nil, to: &$0) }
    }

    /// Closes both ways: the goodbye, the peer's answer or a short wait for it, the end of the connection.
    func finish() async {
        await close()
        while !isOver, channel.isOpen {
            do {
                if try await next() == nil { break }
            } catch {
                break
            }
        }
        channel.close()
    }
}
