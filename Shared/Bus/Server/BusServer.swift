import Bytes
import Synchronization
import Threads

/// Receives calls and answers them.
public final class BusServer: Sendable {
    public typealias Handler = @Sendable (BusRequest) async -> BusReply
    public typealias BriefCalls = @Sendable (BusRequest) -> Bool

    private let addresses: [BusAddress]
    private let security: BusSecurity?
    private let limits: BusLimits
    private let isBrief: BriefCalls
    private let handler: Handler
    private let mailbox = Mailbox<ServerCommand>()
    private let bound = Mutex<[BusAddress]?>(nil)

    /// - Parameters:
    ///   - bind: where to listen. `tcp` beyond the loopback interface needs `security`.
    ///   - isBrief: whether a call never keeps its thread for longer than some microseconds. Such calls run on the
    ///     thread that received them, which saves two changes of threads; any other would hold up the calls behind it.
    ///   - handler: runs in a task of its own, which is cancelled when its caller cancels or goes away.
    public init(
        bind addresses: [BusAddress], security: BusSecurity? = nil, limits: BusLimits = BusLimits(),
        isBrief: @escaping BriefCalls = { _ in false }, handler: @escaping Handler
    ) {
        self.addresses = addresses
        self.security = security
        self.limits = limits
        self.isBrief = isBrief
        self.handler = handler
    }

    deinit { mailbox.post(.stop) }

    /// The addresses bound by `start`, with the ports the system chose.
    public var boundAddresses: [BusAddress] { bound.withLock { $0 ?? [] } }

    /// Binds the addresses and begins to serve.
    ///
    /// - Throws: `BusSetupError`
    public func start() throws {
        try bound.withLock { bound in
            guard bound == nil else { throw BusSetupError.alreadyStarted }
            let answer = ThreadAnswer<Result<[BusAddress], any Error>>()
            WorkThread.detach(named: "bus-server") { [addresses, security, limits, isBrief, handler, mailbox] in
                do {
                    let listener = try Listener(addresses, security: security, limits: limits)
                    answer.give(.success(listener.addresses))
                    ServerLoop(listener, mailbox: mailbox, limits: limits, isBrief: isBrief, handler: handler).run()
                } catch {
                    answer.give(.failure(error))
                }
            }
            bound = try answer.wait().get()
        }
    }

    /// Refuses new calls, waits for the open ones, cancels what is left after `limit`, and closes.
    public func drain(within limit: Duration) async {
        guard bound.withLock({ $0 != nil }) else { return }
        await withCheckedContinuation { done in
            if !mailbox.post(.drain(within: limit, done: done)) { done.resume() }
        }
    }
}
