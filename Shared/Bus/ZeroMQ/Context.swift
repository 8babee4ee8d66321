import CZeroMQ

/// A libzmq context: the I/O thread that moves bytes for its sockets.
///
/// `@unchecked Sendable` because libzmq documents contexts as thread safe, and the pointer never changes.
final class Context: @unchecked Sendable {
    /// Of this process's clients, publishers and subscribers. Never terminated: they do not linger.
    static let shared = Context()

    let raw: UnsafeMutableRawPointer

    init() {
        guard let raw = zmq_ctx_new() else { fatalError("libzmq has no memory for a context") }
        self.raw = raw
        zmq_ctx_set(raw, ZMQ_MAX_SOCKETS, 8192)
    }

    /// Waits until closed sockets have sent what lingers, then frees the context. All its sockets must be closed.
    func terminate() {
        while zmq_ctx_term(raw) != 0, zmq_errno() == EINTR {}
    }
}

/// What libzmq says about its last failure on this thread.
func zeroMQReason() -> String { String(cString: zmq_strerror(zmq_errno())) }
