import CSystem
import Glibc
import Synchronization
import Threads

/// Something that has a descriptor in an event loop.
protocol EventHandler: AnyObject {
    /// Called on the loop's thread with `EPOLLIN`, `EPOLLOUT`, … as they came.
    func ready(_ events: UInt32)
}

/// One thread that waits on sockets and runs the tasks of those sockets: no hop between bytes arriving and a handler reading them.
///
/// It is a task executor, for handlers, and a serial executor, for the actors that own connections. A loop lives as long
/// as the process. Never block it: file and name look-ups belong on other threads.
///
/// `@unchecked Sendable`: `remote` is behind a mutex, `thread` and `idleSignal` are atomic or constant; every other stored
/// property is touched on the loop's own thread only, which `assertOnLoop` checks in debug builds.
public final class EventLoop: TaskExecutor, SerialExecutor, @unchecked Sendable {
    private struct Registration {
        let handler: any EventHandler
        let generation: UInt32

        /// The generation tells an event of a closed descriptor from one of its successor under the same number.
        func tag(of descriptor: Int32) -> UInt64 { UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor)) }
    }

    /// What other threads left for this one.
    private struct Remote {
        var jobs: [UnownedJob] = []
        var actions: [@Sendable () -> Void] = []
        var isSignalled = false
    }

    /// Much of a large body in one call: after each the kernel tells the peer that there is room again.
    private static let scratchSize = 256 * 1024
    /// Few, so that what they lead to leaves soon: decision 0089.
    private static let eventBatch = 8
    /// Job rounds between two looks at the sockets: a chain of tasks must not starve them.
    private static let jobRounds = 16

    private let name: String
    private let epoll: Int32
    private let wakeUp: Int32
    private let thread = Atomic<UInt>(0)
    private let remote = Mutex(Remote())

    private var local: [UnownedJob] = []
    private var running: [UnownedJob] = []
    private var registrations: [Registration?] = []
    private var nextGeneration: UInt32 = 1
    private var timers = TimerQueue()
    private var unflushed: [Channel] = []
    /// Work of guests before every wait, see `beforeWaiting`.
    var guests: [Guest] = []
    /// The loop's clock, read once a round.
    private(set) var now = LoopTime.now()
    private(set) var date = CachedDate()
    /// Where sockets are read into before their bytes are parsed or handed on.
    let scratch: UnsafeMutableRawBufferPointer

    init(name: String) {
        self.name = name
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(epoll >= 0 && wakeUp >= 0, "no descriptors left for an event loop")
        scratch = .allocate(byteCount: Self.scratchSize, alignment: 64)
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(u64: 0))
        epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event)
        WorkThread.detach(named: name) { self.run() }
    }

    // MARK: Executors

    /// Whether the caller runs on this loop's thread.
    public var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent { return local.append(job) }
        leave { $0.jobs.append(job) }
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }
    public func isIsolatingCurrentContext() -> Bool? { isCurrent }
    public func checkIsolated() { precondition(isCurrent, "off the event loop's thread") }
    func assertOnLoop() { assert(isCurrent, "off the event loop's thread") }

    /// Runs an action on the loop's thread, later; from any thread.
    public func execute(_ action: @escaping @Sendable () -> Void) { leave { $0.actions.append(action) } }

    /// Returns in the loop's next round, after a look at the sockets: for tasks that never wait for anything else.
    func nextRound() async {
        await withUnsafeContinuation { waiter in execute { waiter.resume() } }
    }

    private func leave(_ work: (inout Remote) -> Void) {
        let wakes = remote.withLock { remote in
            work(&remote)
            defer { remote.isSignalled = true }
            return !remote.isSignalled
        }
        guard wakes else { return }
        var one: UInt64 = 1
        _ = write(wakeUp, &one, 8)
    }

    // MARK: Descriptors and timers, on the loop's thread

    /// Starts reporting events of a descriptor; with `EPOLLET` in `events` once per change.
    func register(_ descriptor: Int32, for events: UInt32, _ handler: any EventHandler) throws(SocketError) {
        assertOnLoop()
        let index = Int(descriptor)
        if index >= registrations.count {
            registrations.append(contentsOf: repeatElement(nil, count: max(64, index + 1 - registrations.count)))
        }
        nextGeneration &+= 1
        let registration = Registration(handler: handler, generation: nextGeneration)
        var event = epoll_event(events: events, data: epoll_data(u64: registration.tag(of: descriptor)))
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else { throw SocketError("epoll_ctl", errno) }
        registrations[index] = registration
    }

    /// Changes what is reported of a registered descriptor.
    func modify(_ descriptor: Int32, for events: UInt32) {
        assertOnLoop()
        guard Int(descriptor) < registrations.count, let registration = registrations[Int(descriptor)] else { return }
        var event = epoll_event(events: events, data: epoll_data(u64: registration.tag(of: descriptor)))
        epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event)
    }

    /// Stops reporting. Call before closing the descriptor.
    func deregister(_ descriptor: Int32) {
        assertOnLoop()
        guard Int(descriptor) < registrations.count, registrations[Int(descriptor)] != nil else { return }
        registrations[Int(descriptor)] = nil
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    }

    func setTimer(_ target: any TimerTarget, at deadline: LoopTime) {
        assertOnLoop()
        timers.set(target, at: deadline)
    }

    func cancelTimer(_ target: any TimerTarget) {
        assertOnLoop()
        timers.remove(target)
    }

    /// Writes a channel's queued bytes before the loop waits again: what one round of tasks queues leaves together.
    func flushBeforeWaiting(_ channel: Channel) { unflushed.append(channel) }

    // MARK: The loop

    private func run() -> Never {
        thread.store(pthread_self(), ordering: .relaxed)
        EventLoop.setCurrent(self)
        let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: Self.eventBatch)
        while true {
            runJobs()
            var patience = runGuests()
            // What guests resumed goes on in this round: its answers leave with the others.
            runJobs()
            patience = finishGuests(patience)
            flushChannels()
            let count = epoll_wait(epoll, events.baseAddress, Int32(Self.eventBatch), waitMilliseconds(patience))
            now = .now()
            for index in 0..<max(0, Int(count)) { dispatch(events[index]) }
            while let target = timers.popDue(at: now) { target.timerFired(at: now) }
        }
    }

    private func runJobs() {
        for _ in 0..<Self.jobRounds where !local.isEmpty {
            swap(&local, &running)
            for job in running {
                job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            }
            running.removeAll(keepingCapacity: true)
        }
    }

    private func flushChannels() {
        guard !unflushed.isEmpty else { return }
        for channel in unflushed { channel.flushNow() }
        unflushed.removeAll(keepingCapacity: true)
    }

    /// - Parameter patience: of the guests; -1 is without end.
    private func waitMilliseconds(_ patience: Int32) -> Int32 {
        guard local.isEmpty else { return 0 }
        guard let first = timers.first else { return patience }
        let own = Int32(clamping: max(0, first.milliseconds - LoopTime.now().milliseconds))
        return patience < 0 ? own : min(own, patience)
    }

    private func dispatch(_ event: epoll_event) {
        let tag = event.data.u64
        guard tag != 0 else { return takeRemote() }
        let index = Int(tag & 0xffff_ffff)
        guard let registration = registrations[index], registration.generation == UInt32(tag >> 32) else { return }
        registration.handler.ready(event.events)
    }

    private func takeRemote() {
        var count: UInt64 = 0
        _ = read(wakeUp, &count, 8)
        let taken = remote.withLock { remote in
            let taken = remote
            remote = Remote()
            return taken
        }
        local.append(contentsOf: taken.jobs)
        for action in taken.actions { action() }
    }
}
