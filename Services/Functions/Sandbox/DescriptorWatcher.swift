import Bytes
import CSystem
import Glibc
import Synchronization
import Threads

/// One thread that waits for the control sockets, output pipes and relayed connections of all environments.
///
/// Handlers run on that thread and must not block.
final class DescriptorWatcher: Sendable {
    typealias Handler = @Sendable (_ watch: Watch, _ events: UInt32) -> Void

    /// What `watch` hands out; needed to change or end the watch.
    struct Watch: Hashable, Sendable {
        fileprivate let id: UInt64
        fileprivate let descriptor: Int32
    }

    private struct State {
        var lastID: UInt64 = 0
        var handlers: [UInt64: (watch: Watch, handler: Handler)] = [:]
    }

    static let shared = DescriptorWatcher()

    private let poll: Int32
    private let state = Mutex(State())

    private init() {
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(poll >= 0, "epoll_create1 fails only when the process is out of descriptors or memory")
        WorkThread.detach(named: "descriptors") { self.run() }
    }

    /// Calls `handler` as long as one of `events` (EPOLLIN, EPOLLOUT …) holds, until `end`.
    @discardableResult
    func watch(_ descriptor: Int32, for events: UInt32, _ handler: @escaping Handler) throws(SandboxError) -> Watch {
        let watch = state.withLock { state in
            state.lastID += 1
            let watch = Watch(id: state.lastID, descriptor: descriptor)
            state.handlers[state.lastID] = (watch, handler)
            return watch
        }
        var event = epoll_event(events: events, data: epoll_data_t(u64: watch.id))
        guard epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            let code = errno
            state.withLock { _ = $0.handlers.removeValue(forKey: watch.id) }
            throw .system("epoll_ctl", code)
        }
        return watch
    }

    func change(_ watch: Watch, to events: UInt32) {
        var event = epoll_event(events: events, data: epoll_data_t(u64: watch.id))
        _ = epoll_ctl(poll, EPOLL_CTL_MOD, watch.descriptor, &event)
    }

    /// Ends a watch; call it before the descriptor is closed. A call of the handler may still be under way.
    func end(_ watch: Watch) {
        let known = state.withLock { $0.handlers.removeValue(forKey: watch.id) != nil }
        if known { _ = epoll_ctl(poll, EPOLL_CTL_DEL, watch.descriptor, nil) }
    }

    /// Returns once there is something to read, or the end.
    func readable(_ descriptor: OwnedDescriptor) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            do {
                try watch(descriptor.number, for: EPOLLIN.rawValue) { watch, _ in
                    self.end(watch)
                    continuation.resume()
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private func run() {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            let count = epoll_wait(poll, &events, Int32(events.count), -1)
            guard count > 0 else { continue }
            for event in events.prefix(Int(count)) {
                guard let found = state.withLock({ $0.handlers[event.data.u64] }) else { continue }
                found.handler(found.watch, event.events)
            }
        }
    }
}
