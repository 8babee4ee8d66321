#if canImport(Glibc)
    import Glibc
#endif

/// A connected Unix socket that carries messages: what libzmq does on a thread of its own happens on its user's.
///
/// For one thread, which waits for `descriptor`.
final class LocalLink {
    let descriptor: Int32
    private var input: LocalInput
    private var opening = LocalOutput()
    private var output = LocalOutput()
    /// The other end said that it is ready. Nothing goes there before: libzmq ends a connection whose first message
    /// comes together with the greeting.
    private(set) var isGreeted = false
    private(set) var isBlocked = false
    /// The other end is gone, or breaks the protocol: nothing comes any more.
    private(set) var hasEnded = false
    /// Messages were read that nobody has taken yet.
    private(set) var mayHaveMessages = false
    /// Whether anything came since it was last asked.
    private var wasHeard = true

    /// Owns the descriptor from here on.
    init(_ descriptor: Int32, as role: ZMTP.Role, limits: BusLimits) {
        self.descriptor = descriptor
        input = LocalInput(takesFiles: role == .caller, limits: limits)
        opening.append(ZMTP.opening(as: role))
    }

    deinit { close(descriptor) }

    /// Whether the next `flush` has something to send.
    var hasOutput: Bool { !opening.isEmpty || isGreeted && !output.isEmpty }

    func send(_ frame: Frame) { output.append(frame) }

    /// Sends what waits; with `isBlocked` afterwards, the rest leaves when there is room again.
    func flush() {
        var outcome = opening.flush(to: descriptor)
        if outcome == .done, isGreeted { outcome = output.flush(to: descriptor) }
        isBlocked = outcome == .blocked
        if outcome == .broken {
            // What came before the end can still be read; an end that is still there learns that nothing follows.
            shutdown(descriptor, Int32(SHUT_WR))
            opening = LocalOutput()
            output = LocalOutput()
        }
    }

    /// The next message; with `hasEnded`, `nothing` is the last word.
    func receive() -> Arrival {
        while true {
            do throws(ZMTP.Violation) {
                while let item = try input.next() {
                    switch item {
                    case .message(let message): return .message(message)
                    case .malformed: return .malformed
                    case .command(let command): try obey(command)
                    }
                }
            } catch {
                hasEnded = true
                return .nothing
            }
            switch input.read(from: descriptor) {
            case .some: wasHeard = true
            case .nothing: return .nothing
            case .ended:
                hasEnded = true
                return .nothing
            }
        }
    }

    /// Calls `body` with messages, at most `limit`.
    func receive(limit: Int, _ body: (Message) -> Void) {
        for _ in 0..<limit {
            switch receive() {
            case .nothing:
                mayHaveMessages = false
                return
            case .malformed: continue
            case .message(let message): body(message)
            }
        }
        mayHaveMessages = true
    }

    private func obey(_ command: UnsafeRawBufferPointer) throws(ZMTP.Violation) {
        if command.starts(with: Self.ping) {
            // Behind the name: a time to live, which is the sender's business, and a context to be sent back.
            output.append(ZMTP.command("PONG", Array(command.dropFirst(Self.ping.count + 2).prefix(16))))
        } else if command.starts(with: Self.ready) {
            isGreeted = true
        } else if command.starts(with: Self.error) {
            throw ZMTP.Violation()
        }
    }

    private static let ready = [5] + Array("READY".utf8)
    private static let ping = [4] + Array("PING".utf8)
    private static let error = [5] + Array("ERROR".utf8)

    /// Whether anything came since the last question.
    func takeSignOfLife() -> Bool {
        defer { wasHeard = false }
        return wasHeard
    }

    func ping() { output.append(ZMTP.ping) }
}
