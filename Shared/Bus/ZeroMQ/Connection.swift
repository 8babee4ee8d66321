import CZeroMQ

/// A connecting socket and what is known about its one connection. For one thread.
final class Connection {
    let address: BusAddress
    let socket: Socket
    let monitor: SocketMonitor
    var presence: Presence

    /// - Throws: `BusSetupError`
    init(
        _ type: Int32, to address: BusAddress, of owner: String, security: BusSecurity?, limits: BusLimits,
        isHopeful: Bool = true
    ) throws {
        self.address = address
        presence = Presence(limits, isHopeful: isHopeful)
        socket = Socket(type, in: .shared)
        socket.applyTransportOptions(limits)
        if type == ZMQ_DEALER { socket.set(ZMQ_IMMEDIATE, Int32(1)) }
        try socket.secureClient(of: owner, at: address, with: security)
        monitor = SocketMonitor(socket, in: .shared)
    }

    /// Apart from `init`, so that options and subscriptions come first.
    func connect() throws { try socket.connect(address) }

    deinit {
        SocketMonitor.stop(socket)
        monitor.events.close()
        socket.close()
    }
}

extension Socket {
    func applyTransportOptions(_ limits: BusLimits) {
        // No high-water marks: they would drop replies or stop heartbeats. Open calls and credit bound the queues.
        set(ZMQ_SNDHWM, Int32(0))
        set(ZMQ_RCVHWM, Int32(0))
        set(ZMQ_MAXMSGSIZE, Int64(max(limits.bodyBytes, limits.metaBytes, BusLimits.chunkBytes)))
        set(ZMQ_RECONNECT_IVL, Int32(10))
        set(ZMQ_RECONNECT_IVL_MAX, Int32(200))
        set(ZMQ_HANDSHAKE_IVL, Int32(5000))
        set(ZMQ_HEARTBEAT_IVL, Int32(clamping: limits.heartbeat.milliseconds))
        set(ZMQ_HEARTBEAT_TIMEOUT, Int32(clamping: limits.heartbeatTimeout.milliseconds))
    }

    /// - Throws: `BusSetupError.tcpWithoutSecurity` if the bytes would leave the machine in the clear.
    func secureClient(of owner: String, at address: BusAddress, with security: BusSecurity?) throws {
        guard case .tcp(let host, _) = address else { return }
        if host.contains(":") { set(ZMQ_IPV6, Int32(1)) }
        guard let security else {
            if address.isLocal { return }
            throw BusSetupError.tcpWithoutSecurity(address)
        }
        guard let key = security.peers[owner] else { throw BusSetupError.tcpWithoutSecurity(address) }
        set(ZMQ_CURVE_SERVERKEY, key.z85)
        set(ZMQ_CURVE_PUBLICKEY, security.keyPair.publicKey.z85)
        set(ZMQ_CURVE_SECRETKEY, security.keyPair.secretKey.z85)
    }
}
