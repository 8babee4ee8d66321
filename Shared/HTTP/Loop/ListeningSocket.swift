import CSystem
import Glibc

/// Opens listening sockets.
enum ListeningSocket {
    private static let backlog: Int32 = 1024

    /// A TCP socket that shares its port with others of this process (`SO_REUSEPORT`), where asked.
    static func tcp(_ address: SocketAddress, sharesPort: Bool) throws(SocketError) -> Int32 {
        let socket = try SocketOption.open(address.family)
        SocketOption.set(socket, SOL_SOCKET, SO_REUSEADDR)
        if sharesPort { SocketOption.set(socket, SOL_SOCKET, SO_REUSEPORT) }
        if address.isLoopback { SocketOption.preventPacing(socket) }
        return try listen(socket, address)
    }

    static func unix(path: String) throws(SocketError) -> Int32 {
        guard let address = SocketAddress(path: path) else { throw SocketError("unix path", ENAMETOOLONG) }
        try removeStale(address, path)
        return try listen(try SocketOption.open(AF_UNIX), address)
    }

    /// Removes a socket nobody listens on any more; never a file of another kind, nor a socket in use.
    private static func removeStale(_ address: SocketAddress, _ path: String) throws(SocketError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw SocketError("unix path", EEXIST) }
        let probe = try SocketOption.open(AF_UNIX)
        defer { close(probe) }
        let isUsed = address.with { connect(probe, $0, $1) } == 0
        guard !isUsed else { throw SocketError("unix path", EADDRINUSE) }
        unlink(path)
    }

    private static func listen(_ socket: Int32, _ address: SocketAddress) throws(SocketError) -> Int32 {
        guard address.with({ bind(socket, $0, $1) }) == 0 else { throw failure("bind", socket) }
        guard Glibc.listen(socket, backlog) == 0 else { throw failure("listen", socket) }
        return socket
    }

    private static func failure(_ call: String, _ socket: Int32) -> SocketError {
        let code = errno
        close(socket)
        return SocketError(call, code)
    }
}

/// Sockets and their options.
enum SocketOption {
    /// A stream socket that neither blocks nor survives `exec`.
    static func open(_ family: Int32) throws(SocketError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(family, kind, 0)
        guard socket >= 0 else { throw SocketError("socket", errno) }
        return socket
    }

    static func set(_ socket: Int32, _ level: Int32, _ option: Int32, to value: Int32 = 1) {
        var value = value
        setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Settings of every TCP connection.
    static func tune(_ socket: Int32) {
        // Small writes leave at once: Nagle's algorithm and delayed acknowledgements wait for each other.
        set(socket, Int32(IPPROTO_TCP), TCP_NODELAY)
        // A slow reader holds back its writer early, not after megabytes in the kernel.
        set(socket, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, to: unsentBytes)
    }

    /// Has the connections of a listener, which stay on this machine, controlled by Reno: BBR, the default of some
    /// systems, spreads what is sent by timers, which cost more than the bytes where no network is between the ends.
    static func preventPacing(_ listener: Int32) {
        setsockopt(listener, Int32(IPPROTO_TCP), TCP_CONGESTION, "reno", socklen_t(4))
    }

    private static let unsentBytes: Int32 = 256 * 1024

    static func setNonBlocking(_ socket: Int32) {
        let flags = fcntl(socket, F_GETFL)
        _ = fcntl(socket, F_SETFL, flags | O_NONBLOCK)
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
    }
}
