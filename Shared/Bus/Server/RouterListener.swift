import CZeroMQ

/// A bound ROUTER for callers of other machines, with its monitor, and its allow-list where connections are encrypted.
/// For one thread.
final class RouterListener {
    /// Of its own, so that closing it can wait for the last replies to leave.
    private let context: Context
    private let router: Socket
    private let monitor: SocketMonitor
    private let allowList: AllowList?
    private let reader = MessageReader(parts: 1 + Frame.parts)
    private var connections = ConnectionTable()
    private var firstItem = 0
    let addresses: [BusAddress]
    /// Messages may lie in the socket although its descriptor does not say so.
    private(set) var mayHaveMessages = true

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

    var callers: some Sequence<PeerID> { connections.all }

    /// Lists what is to be waited for behind the items that are there.
    func list(in poll: inout PollSet) {
        firstItem = poll.count
        poll.add(router)
        poll.add(monitor.events)
        if let allowList { poll.add(allowList.socket) }
    }

    /// Lets those in that may, and returns the callers that went away. A socket that was never looked at does not
    /// announce what comes first: without a poll, all are looked at.
    func look(_ poll: PollSet? = nil) -> [PeerID] {
        if let allowList, poll?.isReadable(firstItem + 2) ?? true { allowList.answer() }
        if poll?.isReadable(firstItem) ?? true { mayHaveMessages = true }
        return poll?.isReadable(firstItem + 1) ?? true ? lostCallers() : []
    }

    private func lostCallers() -> [PeerID] {
        var lost: [PeerID] = []
        while let event = monitor.next() {
            if case .lost(let descriptor) = event, let peer = connections.remove(descriptor: descriptor) {
                lost.append(peer)
            }
        }
        return lost
    }

    /// Calls `body` with messages, at most `limit`, and the callers that sent them.
    ///
    /// - Parameter onLoss: called with callers that went away before a new one came.
    func receive(limit: Int, onLoss: ([PeerID]) -> Void, _ body: (Message, PeerID) -> Void) {
        guard mayHaveMessages else { return }
        for _ in 0..<limit {
            switch reader.receive(from: router) {
            case .nothing:
                mayHaveMessages = false
                return
            case .malformed: continue
            case .complete:
                guard let peer = PeerID(reader[0]), let header = FrameHeader(reader[1]) else { continue }
                if !connections.contains(peer) {
                    onLoss(lostCallers())
                    connections.add(peer, descriptor: reader.connection(ofPart: 1))
                }
                body(Message(header: header, meta: reader[2], body: reader[3]), peer)
            }
        }
        reader.clear()
    }

    func send(_ frame: Frame, to peer: PeerID) {
        // Sending notices arrivals, and the descriptor then keeps silent about them.
        mayHaveMessages = true
        // ROUTER drops what is for a caller that went away: nobody is left to tell.
        _ = peer.withBytes { router.send($0, more: true) }
        _ = router.send(frame)
    }

    /// Closes; waits for unsent replies at most `lingerMilliseconds`.
    func close(lingerMilliseconds: Int32) {
        reader.clear()
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
