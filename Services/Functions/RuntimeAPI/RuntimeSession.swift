import Bytes
import HTTP
import Synchronization

/// The conversation with one runtime: it asks for invocations, we hand them out one at a time.
///
/// [Runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html)
public final class RuntimeSession: Sendable {
    /// The longest answer a function gives at once.
    public static let responseLimit = 6_291_556

    enum State {
        /// It starts, and has not asked for work yet. → waiting, failed, ended
        case initializing([CheckedContinuation<InitializationOutcome, Never>])
        /// It reported an error before it asked for work; its process is about to end. → ended
        case failed(InitializationOutcome)
        /// It asks for work, and there is none. → invoking, ended
        case waiting(CheckedContinuation<Invocation?, Never>)
        /// It has been given work. → answered, ended
        case invoking(Invocation, CheckedContinuation<InvocationOutcome, Never>)
        /// It has answered, and has not asked for more yet. → waiting, invited, ended
        case answered
        /// There is work already for when it asks. → invoking, ended
        case invited(Invocation, CheckedContinuation<InvocationOutcome, Never>)
        /// Its environment is gone. Nothing follows.
        case ended
    }

    let extensions: ExtensionRegistry
    private let state = Mutex(State.initializing([]))

    public init(_ function: FunctionFacts) { extensions = ExtensionRegistry(function) }

    /// Waits until the runtime has asked for its first invocation, or failed to get that far.
    public func initialization() async -> InitializationOutcome {
        await withCheckedContinuation { continuation in
            let outcome: InitializationOutcome? = state.withLock { state in
                switch state {
                case .initializing(let waiters):
                    state = .initializing(waiters + [continuation])
                    return nil
                case .failed(let outcome): return outcome
                case .ended: return .ended
                case .waiting, .invoking, .answered, .invited: return .ready
                }
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }

    /// Hands out one invocation and waits for what comes of it. One at a time, after `initialization`.
    public func invoke(_ invocation: Invocation) async -> InvocationOutcome {
        extensions.announce(invocation)
        return await withCheckedContinuation { outcome in
            let next: CheckedContinuation<Invocation?, Never>? = state.withLock { state in
                switch state {
                case .waiting(let next):
                    state = .invoking(invocation, outcome)
                    return next
                case .answered:
                    state = .invited(invocation, outcome)
                case .initializing, .failed, .invoking, .invited, .ended:
                    outcome.resume(returning: .ended)
                }
                return nil
            }
            next?.resume(returning: invocation)
        }
    }

    /// The environment is gone: whoever waits is told.
    public func end() {
        extensions.end()
        let before = state.withLock { state in
            defer { state = .ended }
            return state
        }
        switch before {
        case .initializing(let waiters): for waiter in waiters { waiter.resume(returning: .ended) }
        case .waiting(let next): next.resume(returning: nil)
        case .invoking(_, let outcome), .invited(_, let outcome): outcome.resume(returning: .ended)
        case .failed, .answered, .ended: break
        }
    }

    // MARK: what the runtime calls

    /// `GET …/invocation/next`: returns when there is work; `nil` when the environment ends.
    func next() async throws(RuntimeError) -> Invocation? {
        let isAllowed = state.withLock { state in
            switch state {
            case .initializing, .answered, .invited, .ended: true
            case .failed, .waiting, .invoking: false
            }
        }
        guard isAllowed else { throw .invalidTransition }
        return await withCheckedContinuation { ask($0) }
    }

    private func ask(_ next: CheckedContinuation<Invocation?, Never>) {
        var waiters: [CheckedContinuation<InitializationOutcome, Never>] = []
        let work: Invocation?? = state.withLock { state in
            switch state {
            case .initializing(let waiting):
                waiters = waiting
                state = .waiting(next)
                return nil
            case .answered:
                state = .waiting(next)
                return nil
            case .invited(let invocation, let outcome):
                state = .invoking(invocation, outcome)
                return .some(invocation)
            case .failed, .waiting, .invoking, .ended:
                return .some(nil)
            }
        }
        for waiter in waiters { waiter.resume(returning: .ready) }
        if let work { next.resume(returning: work) }
    }

    /// `POST …/invocation/{id}/response` and `…/error`.
    func finish(_ requestID: String, with outcome: InvocationOutcome) throws(RuntimeError) {
        let result: Result<CheckedContinuation<InvocationOutcome, Never>, RuntimeError> = state.withLock { state in
            guard case .invoking(let invocation, let continuation) = state else { return .failure(.invalidTransition) }
            guard invocation.requestID == requestID else { return .failure(.invalidRequestID) }
            state = .answered
            return .success(continuation)
        }
        try result.get().resume(returning: outcome)
    }

    /// `POST …/init/error`.
    func failInitialization(type: String, _ error: [UInt8]) throws(RuntimeError) {
        let outcome = InitializationOutcome.failure(type: type, error)
        let waiters: [CheckedContinuation<InitializationOutcome, Never>]? = state.withLock { state in
            guard case .initializing(let waiters) = state else { return nil }
            state = .failed(outcome)
            return waiters
        }
        guard let waiters else { throw .invalidTransition }
        for waiter in waiters { waiter.resume(returning: outcome) }
    }

    /// Whether an answer under this id is expected, before its body is read.
    func expects(_ requestID: String) throws(RuntimeError) {
        let fault: RuntimeError? = state.withLock { state in
            guard case .invoking(let invocation, _) = state else { return .invalidTransition }
            return invocation.requestID == requestID ? nil : .invalidRequestID
        }
        if let fault { throw fault }
    }
}
