import Bytes
import Threads
import Time

/// The thread behind a server: owns the ROUTER, starts a task per request, sends what tasks post.
final class ServerLoop {
    /// So many messages of one caller before they are executed and their replies leave: decision 0089.
    static let burst = 8
    /// So many brief calls of one burst run on this thread; the rest is spread over the cores.
    static let briefBurst = 32
    private static let commandRounds = 4
    private static let courtesy: Duration = .milliseconds(50)

    let listener: Listener
    let mailbox: Mailbox<ServerCommand>
    let limits: BusLimits
    let handler: BusServer.Handler
    let isBrief: BusServer.BriefCalls
    let executor: ServerExecutor

    var calls: [CallKey: ServerCall] = [:]
    var openStreams = 0
    /// Brief calls begun since the last look at the sockets.
    var briefCalls = 0

    private var poll: PollSet
    private let turn = Turn()
    private var commands: [ServerCommand] = []
    private var drainDeadline: ContinuousClock.Instant?
    /// Until then requests that were on their way when the draining began are refused rather than lost.
    private var courtesyEnd: ContinuousClock.Instant?
    private var drainers: [CheckedContinuation<Void, Never>] = []
    private var isStopped = false

    var isDraining: Bool { drainDeadline != nil }

    init(
        _ listener: Listener, mailbox: Mailbox<ServerCommand>, limits: BusLimits,
        isBrief: @escaping BusServer.BriefCalls,
        handler: @escaping BusServer.Handler
    ) {
        self.listener = listener
        self.mailbox = mailbox
        self.limits = limits
        self.isBrief = isBrief
        self.handler = handler
        executor = ServerExecutor(mailbox)
        poll = PollSet(wakeUp: mailbox.wakeUp)
    }

    func run() {
        if let router = listener.router { lose(router.look()) }
        while !isStopped {
            poll.removeSockets()
            listener.list(in: &poll)
            poll.wait(milliseconds: waitMilliseconds())
            mailbox.wakened(wasSignalled: poll.isReadable(0))
            briefCalls = 0
            receive()
            turn.run(obeyCommands)
            listener.local?.flush()
            finishDraining()
        }
        close()
    }

    private func receive() {
        if let router = listener.router {
            lose(router.look(poll))
            router.receive(limit: Self.burst, onLoss: lose, receive)
        }
        if let local = listener.local {
            lose(local.receive(poll, limit: Self.burst, receive))
            local.acceptCallers(poll)
        }
    }

    private func waitMilliseconds() -> Int {
        guard !listener.mayHaveMessages, mailbox.mayWait() else { return 0 }
        guard let drainDeadline, let courtesyEnd else { return -1 }
        let next = calls.isEmpty ? min(courtesyEnd, drainDeadline) : drainDeadline
        return max(0, Int((next - .now).milliseconds) + 1)
    }

    /// A brief call goes from its task's start to its reply in these rounds, without a look at the sockets in between.
    private func obeyCommands() {
        for _ in 0..<Self.commandRounds {
            mailbox.take(into: &commands)
            guard !commands.isEmpty else { return }
            for command in commands { obey(command) }
            commands.removeAll(keepingCapacity: true)
        }
    }

    private func obey(_ command: ServerCommand) {
        switch command {
        case .run(let job): job.runSynchronously(on: executor.asUnownedTaskExecutor())
        case .reply(let key, let reply, let meta): send(reply, meta: meta, to: key)
        case .expired(let key): endTask(of: key)
        case .signal(let key, let signal): send(signal, to: key)
        case .stop: isStopped = true
        case .drain(let limit, let done):
            beginDraining(within: limit)
            drainers.append(done)
        }
    }

    /// Tells every caller. The addresses stay bound, for libzmq ends the connections of an address with it.
    private func beginDraining(within limit: Duration) {
        let now = ContinuousClock.now
        drainDeadline = min(drainDeadline ?? now + limit, now + limit)
        courtesyEnd = min(courtesyEnd ?? now + Self.courtesy, now + limit)
        let notice = Frame(header: FrameHeader(kind: .error, status: Refusal.draining.rawValue))
        for peer in listener.callers { listener.send(notice, to: peer) }
    }

    private func finishDraining() {
        guard let drainDeadline, let courtesyEnd else { return }
        let now = ContinuousClock.now
        isStopped = isStopped || drainDeadline <= now || calls.isEmpty && courtesyEnd <= now
    }

    private func close() {
        for key in calls.keys { forget(key, because: .cancelled) }
        // What tasks still post is of no interest to anyone, except another drain; their own jobs go on elsewhere.
        for command in mailbox.close() {
            switch command {
            case .drain(_, let done): drainers.append(done)
            case .run(let job): globalConcurrentExecutor.enqueue(job)
            default: break
            }
        }
        listener.close(lingerMilliseconds: isDraining ? 500 : 0)
        for drainer in drainers { drainer.resume() }
    }
}
