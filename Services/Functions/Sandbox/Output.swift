import Bytes
import CSystem
import Glibc
import Synchronization

/// The two pipes through which a function speaks, read by the watcher or, at an invocation's end, by `drain`.
final class Output: Sendable {
    private struct State {
        var lines = LineAssembler()
        var frames = FrameAssembler()
        var receive: (@Sendable ([OutputRecord]) -> Void)?
        var watches: [DescriptorWatcher.Watch] = []
    }

    private let stream: OwnedDescriptor
    private let telemetry: OwnedDescriptor
    private let state = Mutex(State())

    init(stream: OwnedDescriptor, telemetry: OwnedDescriptor) {
        self.stream = stream
        self.telemetry = telemetry
    }

    /// From here on records go to `receive`, one call at a time.
    func begin(_ receive: @escaping @Sendable ([OutputRecord]) -> Void) throws(SandboxError) {
        state.withLock { $0.receive = receive }
        for pipe in [stream, telemetry] {
            let watch = try DescriptorWatcher.shared.watch(pipe.number, for: EPOLLIN.rawValue) {
                [weak self] _, events in
                self?.drain()
                if events & EPOLLHUP.rawValue != 0 { self?.end() }
            }
            state.withLock { $0.watches.append(watch) }
        }
    }

    /// Reads what has been written so far.
    func drain() {
        state.withLock { state in
            var records: [OutputRecord] = []
            Self.read(telemetry) { state.frames.append($0, to: &records) }
            Self.read(stream) { state.lines.append($0, to: &records) }
            if !records.isEmpty { state.receive?(records) }
        }
    }

    /// Reads the rest and lets go.
    func end() {
        drain()
        let watches = state.withLock { state in
            var records: [OutputRecord] = []
            state.lines.flush(to: &records)
            if !records.isEmpty { state.receive?(records) }
            state.receive = nil
            defer { state.watches = [] }
            return state.watches
        }
        for watch in watches { DescriptorWatcher.shared.end(watch) }
    }

    /// How much one drain takes from a pipe: a function that never stops writing cannot hold the thread.
    private static let drainLimit = 1 << 20

    private static func read(_ pipe: OwnedDescriptor, _ take: (ArraySlice<UInt8>) -> Void) {
        var total = 0
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65_536) { buffer in
            while total < drainLimit, let base = buffer.baseAddress {
                let count = Glibc.read(pipe.number, base, buffer.count)
                guard count > 0 else { return }
                total += count
                take(ArraySlice(buffer.prefix(count)))
            }
        }
    }
}
