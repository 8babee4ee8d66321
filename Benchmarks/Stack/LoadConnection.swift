import Glibc

/// One kept connection: a whole request out, a whole answer in, nothing between the system call and the clock.
///
/// The client shares its cores with whom it measures, so it does no more than a client must: it finds the end of the
/// answer and its status. A server that closes gets a new connection with the next request.
final class LoadConnection {
    private(set) var descriptor: Int32 = -1
    private let port: UInt16
    private var request: [UInt8] = []
    /// Of the request under way, among those that are sent around and around.
    private(set) var number = 0
    private var sent = 0
    private var answer = AnswerScanner()
    private(set) var started = ContinuousClock.now

    /// - Parameter port: of this machine.
    init(port: UInt16) { self.port = port }

    deinit { close() }

    /// What the connection waits for.
    var events: Int16 { Int16(sent < request.count ? POLLOUT : POLLIN) }

    func start(_ request: [UInt8], number: Int) {
        if descriptor < 0 { open() }
        self.request = request
        self.number = number
        sent = 0
        answer.reset()
        started = .now
        write()
    }

    /// Goes on where the socket is ready; what came of the request once its answer is whole.
    func proceed(into buffer: UnsafeMutableRawBufferPointer) -> LoadOutcome? {
        if sent < request.count {
            write()
            return nil
        }
        let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
        if count < 0, errno == EAGAIN || errno == EINTR { return nil }
        guard count > 0 else {
            close()
            return answer.ended() ?? .failed("the connection ended within an answer")
        }
        let outcome = answer.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        if outcome != nil, answer.closes { close() }
        return outcome
    }

    private func write() {
        let count = request.withUnsafeBytes { bytes in
            send(
                descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent,
                Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        }
        // Of a connection that is gone the next read tells.
        if count > 0 { sent += count } else if errno != EAGAIN { sent = request.count }
    }

    private func open() {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        withUnsafeBytes(of: &address) { bytes in
            _ = bytes.withMemoryRebound(to: sockaddr.self) {
                connect(descriptor, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }
}

/// What came of a request.
enum LoadOutcome {
    case succeeded
    case failed(String)
}
