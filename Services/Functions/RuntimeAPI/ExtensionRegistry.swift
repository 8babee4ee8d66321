import JSON
import Synchronization

/// Extensions that registered themselves, and the events each has still to take.
///
/// [Extensions API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html)
final class ExtensionRegistry: Sendable {
    /// The documented limit of extensions to a function.
    private static let limit = 10
    /// Events kept for an extension that does not ask.
    private static let backlog = 16

    private struct Extension {
        let events: Set<String>
        var pending: [[UInt8]] = []
        var waiting: CheckedContinuation<[UInt8]?, Never>?
    }

    private struct State {
        var extensions: [String: Extension] = [:]
        var hasEnded = false
    }

    let function: FunctionFacts
    private let state = Mutex(State())

    init(_ function: FunctionFacts) { self.function = function }

    /// - Returns: the identifier it proves itself with from here on.
    func register(events: [String]) throws(RuntimeError) -> String {
        let identifier = Self.makeIdentifier()
        let isAccepted = state.withLock { state in
            guard state.extensions.count < Self.limit, !state.hasEnded else { return false }
            state.extensions[identifier] = Extension(events: Set(events))
            return true
        }
        guard isAccepted else { throw .invalidTransition }
        return identifier
    }

    /// The next event for an extension; `nil` when the environment ends.
    func next(for identifier: String) async throws(RuntimeError) -> [UInt8]? {
        guard state.withLock({ $0.extensions[identifier] != nil }) else { throw .unknownExtension }
        return await withCheckedContinuation { continuation in
            let event: [UInt8]?? = state.withLock { state in
                guard var found = state.extensions[identifier], !state.hasEnded, found.waiting == nil else {
                    return .some(nil)
                }
                let event = found.pending.first
                if event == nil { found.waiting = continuation } else { found.pending.removeFirst() }
                state.extensions[identifier] = found
                return event.map { .some($0) }
            }
            if let event { continuation.resume(returning: event) }
        }
    }

    func announce(_ invocation: Invocation) {
        guard state.withLock({ !$0.extensions.isEmpty }) else { return }
        var json = JSONWriter()
        json.object { json in
            json.member("eventType", "INVOKE")
            json.member("deadlineMs", Int(invocation.deadline.milliseconds))
            json.member("requestId", invocation.requestID)
            json.member("invokedFunctionArn", invocation.functionARN)
            guard let trace = invocation.trace else { return }
            json.member("tracing") {
                $0.object {
                    $0.member("type", "X-Amzn-Trace-Id")
                    $0.member("value", trace)
                }
            }
        }
        deliver(json.bytes, of: "INVOKE")
    }

    func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            let waiting = state.extensions.values.compactMap(\.waiting)
            state.extensions = [:]
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: nil) }
    }

    private func deliver(_ event: [UInt8], of kind: String) {
        let ready = state.withLock { state in
            var ready: [CheckedContinuation<[UInt8]?, Never>] = []
            for (identifier, var found) in state.extensions where found.events.contains(kind) {
                if let waiting = found.waiting {
                    ready.append(waiting)
                    found.waiting = nil
                } else if found.pending.count < Self.backlog {
                    found.pending.append(event)
                }
                state.extensions[identifier] = found
            }
            return ready
        }
        for continuation in ready { continuation.resume(returning: event) }
    }

    private static func makeIdentifier() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<32).map { _ in String(UInt8.random(in: 0..<16, using: &generator), radix: 16) }.joined()
        let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)].map { start, end in
            String(digits.dropFirst(start).prefix(end - start))
        }
        return parts.joined(separator: "-")
    }
}
