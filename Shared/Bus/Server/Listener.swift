/// Where a server listens. For one thread.
final class Listener {
    /// For callers of this machine.
    let local: LocalListener?
    /// For those of others.
    let router: RouterListener?
    let addresses: [BusAddress]

    /// - Throws: `BusSetupError`
    init(_ addresses: [BusAddress], security: BusSecurity?, limits: BusLimits) throws {
        var paths: [String] = []
        var others: [BusAddress] = []
        for address in addresses {
            if case .ipc(let path) = address { paths.append(path) } else { others.append(address) }
        }
        local = paths.isEmpty ? nil : try LocalListener(at: paths, limits: limits)
        router = others.isEmpty ? nil : try RouterListener(others, security: security, limits: limits)
        self.addresses = paths.map { .ipc(path: $0) } + (router?.addresses ?? [])
    }

    /// Whether messages are there that no descriptor speaks of.
    var mayHaveMessages: Bool { local?.mayHaveMessages == true || router?.mayHaveMessages == true }

    var callers: [PeerID] { (router.map { Array($0.callers) } ?? []) + (local.map { Array($0.callers.keys) } ?? []) }

    func list(in poll: inout PollSet) {
        router?.list(in: &poll)
        local?.list(in: &poll)
    }

    func send(_ frame: Frame, to peer: PeerID) {
        if peer.isLocal { local?.callers[peer]?.send(frame) } else { router?.send(frame, to: peer) }
    }

    /// Closes; waits for unsent replies at most `lingerMilliseconds`.
    func close(lingerMilliseconds: Int) {
        local?.close(lingerMilliseconds: lingerMilliseconds)
        router?.close(lingerMilliseconds: Int32(lingerMilliseconds))
    }
}
