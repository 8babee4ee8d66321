import Bytes
import CSystem
import Glibc
import Synchronization

/// Two sockets whose bytes flow into each other; a slow reader stops its writer.
final class RelayedConnection: Sendable {
    /// One direction: bytes read from a side and not yet written to the other.
    private struct Flow {
        var pending: ArraySlice<UInt8> = []
        var isReadEnded = false
        var isWriteEnded = false

        var wantsInput: Bool { pending.isEmpty && !isReadEnded }
        var wantsOutput: Bool { !pending.isEmpty }
    }

    private struct State {
        /// `flows[side]` is read from `side` and written to the other.
        var flows = [Flow(), Flow()]
        var watches: [DescriptorWatcher.Watch] = []
        var isConnected = false
    }

    private let sides: [OwnedDescriptor]
    private let state = Mutex(State())

    init(_ inside: OwnedDescriptor, _ outside: OwnedDescriptor) { sides = [inside, outside] }

    /// Connects the outer side and relays until both directions have ended. Runs on the watcher's thread.
    func begin(to destination: PortRelay.Destination) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = destination.port.bigEndian
        address.sin_addr.s_addr = destination.address
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(sides[1].number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 || errno == EINPROGRESS else { return }
        var one: Int32 = 1
        for side in sides {
            setsockopt(side.number, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        }
        for (index, events) in [UInt32(0), EPOLLOUT.rawValue].enumerated() {
            let watch = try? DescriptorWatcher.shared.watch(sides[index].number, for: events) { _, events in
                self.move(events)
            }
            guard let watch else { return close() }
            state.withLock { $0.watches.append(watch) }
        }
    }

    private func move(_ events: UInt32) {
        let isDone = state.withLock { state in
            state.isConnected = true
            for side in 0...1 {
                guard pump(&state.flows[side], from: sides[side], to: sides[1 - side]) else { return true }
            }
            guard state.watches.count == 2 else { return false }
            if state.flows.allSatisfy(\.isWriteEnded) { return true }
            for side in 0...1 {
                let input = state.flows[side].wantsInput ? EPOLLIN.rawValue : 0
                let output = state.flows[1 - side].wantsOutput ? EPOLLOUT.rawValue : 0
                DescriptorWatcher.shared.change(state.watches[side], to: input | output)
            }
            return false
        }
        if isDone || events & EPOLLERR.rawValue != 0 { close() }
    }

    private static let pieceLength = 65_536

    /// Moves what can be moved now; `false` when the connection is broken.
    private func pump(_ flow: inout Flow, from source: OwnedDescriptor, to target: OwnedDescriptor) -> Bool {
        if flow.wantsInput {
            var piece = [UInt8](repeating: 0, count: Self.pieceLength)
            let count = read(source.number, &piece, piece.count)
            if count < 0 { return errno == EAGAIN || errno == ENOTCONN }
            if count == 0 { flow.isReadEnded = true } else { flow.pending = piece[..<count] }
        }
        if flow.wantsOutput {
            let count = flow.pending.withUnsafeBytes {
                send(target.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 { return errno == EAGAIN || errno == ENOTCONN }
            flow.pending = flow.pending.dropFirst(count)
        }
        if flow.isReadEnded, flow.pending.isEmpty, !flow.isWriteEnded {
            flow.isWriteEnded = true
            shutdown(target.number, Int32(SHUT_WR))
        }
        return true
    }

    private func close() {
        let watches = state.withLock { state in
            defer { state.watches = [] }
            return state.watches
        }
        for watch in watches { DescriptorWatcher.shared.end(watch) }
    }
}
