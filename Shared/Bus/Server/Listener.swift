import CZeroMQ

#if canImport(Glibc)
    import Glibc
#endif

/// A bound ROUTER with its monitor, and its allow-list where connections are encrypted. For one thread.
final class Listener {
    /// Of its own, so that closing it can wait for the last replies to leave.
    private let context: Context
    let addresses: [BusAddress]
    let router: Socket
    let monitor: SocketMonitor
    let allowList: AllowList?

    /// - Throws: `BusSetupError`
    init(_ addresses: [BusAddress], security: BusSecurity?, limits: BusLimits) throws {
        let context = Context()
        self.context = context
        allowList = security.map { AllowList($0.peers.values, in: context) }
        router = Socket(ZMQ_ROUTER, in: context)
        router.applyTransportOptions(limits)
        monitor = SocketMonitor(router, in: context)
        self.addresses = try router.bind(addresses, security: security)
    }

    /// Closes; waits for unsent replies at most `lingerMilliseconds`.
    func close(lingerMilliseconds: Int32) {
        router.set(ZMQ_LINGER, lingerMilliseconds)
        SocketMonitor.stop(router)
        monitor.events.close()
        allowList?.socket.close()
        router.close()
        context.terminate()
    }
}

extension Socket {
    /// Binds every address, and returns them as bound: with the port the system chose for port 0.
    ///
    /// - Throws: `BusSetupError`
    func bind(_ addresses: [BusAddress], security: BusSecurity?) throws -> [BusAddress] {
        var bound: [BusAddress] = []
        // An option holds for the addresses bound after it: the plain ones come first.
        for case .ipc(let path) in addresses {
            try prepareDirectory(of: path)
            try bind(.ipc(path: path))
            bound.append(.ipc(path: path))
        }
        if let security {
            set(ZMQ_ZAP_DOMAIN, "apus")
            set(ZMQ_CURVE_SERVER, Int32(1))
            set(ZMQ_CURVE_SECRETKEY, security.keyPair.secretKey.z85)
        }
        for case .tcp(let host, let port) in addresses {
            let address = BusAddress.tcp(host: host, port: port)
            guard security != nil || address.isLocal else { throw BusSetupError.tcpWithoutSecurity(address) }
            if host.contains(":") { set(ZMQ_IPV6, Int32(1)) }
            try bind(address)
            bound.append(try BusAddress.parse(lastEndpoint))
        }
        return bound
    }
}

/// Creates the folder of a socket, or makes sure that nobody else can enter it.
private func prepareDirectory(of path: String) throws {
    let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    if mkdir(directory, 0o700) != 0, errno != EEXIST {
        throw BusSetupError.unsafeDirectory(directory, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard lstat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw BusSetupError.unsafeDirectory(directory, reason: "not a folder")
    }
    guard status.st_uid == geteuid() else {
        throw BusSetupError.unsafeDirectory(directory, reason: "belongs to another user")
    }
    guard status.st_mode & 0o077 == 0 else {
        throw BusSetupError.unsafeDirectory(directory, reason: "open to other users; its mode must be 0700")
    }
}
