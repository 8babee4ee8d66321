import CSystem

#if canImport(Glibc)
    import Glibc
#endif

/// The system calls behind connections over Unix sockets. None of them waits.
enum LocalSocket {
    /// As many callers may wait to be accepted.
    private static let backlog: Int32 = 1024

    /// A listening socket at a path where nobody listens any more, or did at all.
    ///
    /// - Throws: `BusSetupError.unusable`
    static func listen(at path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, kind, 0)
        unlink(path)
        guard descriptor >= 0, withAddress(of: path, { bind(descriptor, $0, $1) }) == 0,
            Glibc.listen(descriptor, backlog) == 0
        else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw BusSetupError.unusable(.ipc(path: path), reason: reason)
        }
        return descriptor
    }

    /// The next caller's connection; `nil` if nobody waits.
    static func accept(from listener: Int32) -> Int32? {
        let descriptor = accept4(listener, nil, nil, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
        guard descriptor >= 0 else { return nil }
        makeRoom(in: descriptor)
        return descriptor
    }

    /// Lets a stream's piece leave in one call; the kernel gives less where its own limit is lower.
    private static func makeRoom(in descriptor: Int32) {
        var size = Int32(BusLimits.chunkBytes)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    /// `nil` if nobody listens there now.
    static func connect(to path: String) -> Int32? {
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return nil }
        guard withAddress(of: path, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return nil
        }
        makeRoom(in: descriptor)
        return descriptor
    }

    /// The process at the other end; `nil` if it cannot be seen from here.
    static func peer(of descriptor: Int32) -> pid_t? {
        let process = apus_peer_process(descriptor)
        return process > 0 ? process : nil
    }

    private static let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)

    /// - Parameter path: at most `BusAddress.longestPath` bytes.
    private static func withAddress(
        of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(BusAddress.longestPath)) }
        return withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
