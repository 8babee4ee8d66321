import ServiceKit
import Synchronization

/// All instances: runs invocations in idle ones where there are any, in new ones otherwise.
final class Fleet: Sendable {
    fileprivate struct Idle {
        let instance: Instance
        var isFrozen = false
        /// Freezes it after a moment, ends it after a while.
        let ageing: Task<Void, Never>
    }

    fileprivate struct PoolKey: Hashable {
        let function: FunctionKey
        let version: String
    }

    fileprivate struct State {
        var idle: [PoolKey: [Idle]] = [:]
        var ledger: ConcurrencyLedger
        var reservedByAll = 0
        var hasStopped = false
    }

    /// What follows quickly finds the instance awake.
    private static let freezeDelay = Duration.milliseconds(100)

    let accountLimit: Int
    private let starter: InstanceStarter
    private let clock: any WallClock
    private let idleLifetime: Duration
    private let state: Mutex<State>

    init(_ starter: InstanceStarter, clock: any WallClock, accountLimit: Int, idleLifetime: Duration) {
        self.starter = starter
        self.clock = clock
        self.accountLimit = accountLimit
        self.idleLifetime = idleLifetime
        state = Mutex(State(ledger: ConcurrencyLedger(accountLimit: accountLimit)))
    }

    /// - Throws: `TooManyRequestsException`, and what prevents an instance from starting.
    func invoke(_ function: ResolvedFunction, _ request: InvocationRequest) async throws -> InvocationResult {
        let version = function.version
        let isReserved = function.reservedConcurrency != nil
        let warm = try admit(version, reserved: function.reservedConcurrency)
        defer { state.withLock { $0.ledger.end(version.key, wasReserved: isReserved) } }
        let instance: Instance
        if let warm {
            instance = warm
        } else {
            switch try await starter.start(version, for: request) {
            case .ready(let started): instance = started
            case .failed(let result): return result
            }
        }
        let result = await instance.invoke(request)
        release(instance)
        return result
    }

    /// What all functions have reserved together, as last stored.
    func setReservedByAll(_ count: Int) { state.withLock { $0.reservedByAll = count } }

    /// Ends idle instances of a function whose code or configuration has changed.
    func retire(_ key: FunctionKey) {
        let retired = state.withLock { state in
            var retired: [Idle] = []
            for (pool, idle) in state.idle where pool.function == key {
                retired += idle
                state.idle[pool] = nil
            }
            return retired
        }
        retired.forEach(Self.end)
    }

    func stop() {
        let idle = state.withLock { state in
            defer { state.idle = [:] }
            state.hasStopped = true
            return state.idle.values.flatMap { $0 }
        }
        idle.forEach(Self.end)
    }

    /// Counts an invocation in, and takes an idle instance for it.
    private func admit(_ version: FunctionVersion, reserved: Int?) throws -> Instance? {
        let now = clock.now
        let (found, spent) = try state.withLock { state in
            try state.ledger.begin(version.key, reserved: reserved, reservedByAll: state.reservedByAll)
            let pool = PoolKey(function: version.key, version: version.version)
            var spent: [Idle] = []
            // The last used is the likeliest to be awake, and leaves the others to grow old.
            while let idle = state.idle[pool]?.popLast() {
                if idle.instance.isUsable(for: version, at: now) { return (Optional(idle), spent) }
                spent.append(idle)
            }
            return (nil, spent)
        }
        spent.forEach(Self.end)
        guard let found else { return nil }
        found.ageing.cancel()
        if found.isFrozen { found.instance.thaw() }
        return found.instance
    }

    private func release(_ instance: Instance) {
        if instance.hasEnded { return }
        let ageing = Task { await self.age(instance) }
        let isKept = state.withLock { state in
            guard !state.hasStopped else { return false }
            let pool = PoolKey(function: instance.function.key, version: instance.function.version)
            state.idle[pool, default: []].append(Idle(instance: instance, ageing: ageing))
            return true
        }
        if !isKept {
            ageing.cancel()
            instance.kill()
        }
    }

    private func age(_ instance: Instance) async {
        let start = clock.now
        guard (try? await clock.sleep(until: start + Self.freezeDelay)) != nil else { return }
        // Under the lock: an instance taken meanwhile must not be frozen behind its taker's back.
        state.withLock { state in
            state.change(instance) { idle in
                instance.freeze()
                idle?.isFrozen = true
            }
        }
        guard (try? await clock.sleep(until: start + idleLifetime)) != nil else { return }
        let isReaped = state.withLock { state in
            var isReaped = false
            state.change(instance) { idle in
                idle = nil
                isReaped = true
            }
            return isReaped
        }
        if isReaped { instance.kill() }
    }

    private static func end(_ idle: Idle) {
        idle.ageing.cancel()
        idle.instance.kill()
    }
}

extension Fleet.State {
    /// Changes or removes the entry of an instance that is idle; nothing happens where it is not.
    fileprivate mutating func change(_ instance: Instance, _ body: (inout Fleet.Idle?) -> Void) {
        let pool = Fleet.PoolKey(function: instance.function.key, version: instance.function.version)
        guard let index = idle[pool]?.firstIndex(where: { $0.instance === instance }) else { return }
        var entry: Fleet.Idle? = idle[pool]?[index]
        body(&entry)
        if let entry { idle[pool]?[index] = entry } else { idle[pool]?.remove(at: index) }
    }
}

extension Instance {
    fileprivate func isUsable(for wanted: FunctionVersion, at now: Timestamp) -> Bool {
        !hasEnded && function.revisionID == wanted.revisionID && now < usableUntil
    }
}
