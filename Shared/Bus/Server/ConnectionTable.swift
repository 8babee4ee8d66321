/// Which connection each caller uses: the monitor names descriptors, messages name routing ids.
struct ConnectionTable {
    private var descriptors: [PeerID: Int32] = [:]
    private var peers: [Int32: PeerID] = [:]

    var all: some Sequence<PeerID> { descriptors.keys }

    func contains(_ peer: PeerID) -> Bool { descriptors[peer] != nil }

    /// A descriptor is used again after a connection is lost: note losses before adding.
    mutating func add(_ peer: PeerID, descriptor: Int32) {
        descriptors[peer] = descriptor
        guard descriptor >= 0 else { return }
        peers[descriptor] = peer
    }

    /// The caller that used the lost connection, if it ever called.
    mutating func remove(descriptor: Int32) -> PeerID? {
        guard let peer = peers.removeValue(forKey: descriptor) else { return nil }
        descriptors[peer] = nil
        return peer
    }
}
