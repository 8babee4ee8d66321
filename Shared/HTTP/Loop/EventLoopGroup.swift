import CSystem
import Glibc
import Synchronization

/// Event loops, one per core unless told otherwise, that live as long as the process.
public final class EventLoopGroup: Sendable {
    /// One loop per core this process may use, started at first need and shared by servers and clients.
    public static let shared = EventLoopGroup(count: Int(apus_available_cores()))

    public let loops: [EventLoop]
    private let turn = Atomic<Int>(0)

    public init(count: Int) {
        // A peer that went away is an error of one write, never the end of the process; OpenSSL writes without MSG_NOSIGNAL.
        signal(SIGPIPE, SIG_IGN)
        loops = (0..<max(1, count)).map { EventLoop(name: "http-loop-\($0)") }
    }

    /// The caller's own loop where it runs on one of these, else each in turn.
    func next() -> EventLoop {
        if let current = EventLoop.current, loops.contains(where: { $0 === current }) { return current }
        return inTurn()
    }

    func inTurn() -> EventLoop {
        let index = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[Int(UInt(bitPattern: index) % UInt(loops.count))]
    }
}
