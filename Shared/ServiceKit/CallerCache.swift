import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Callers already read: the gateway sends the same bytes for every request of one credential.
final class CallerCache: Sendable {
    fileprivate struct State {
        var callers: [[UInt8]: Caller] = [:]
        /// The last ones asked for, which are compared: an envelope has hundreds of bytes to hash.
        var recent: [(envelope: [UInt8], caller: Caller)] = []
        var oldest = 0
    }

    static let shared = CallerCache()
    fileprivate static let capacity = 4096
    fileprivate static let recentCount = 4

    private let state = Mutex(State())

    func caller(_ envelope: [UInt8]) throws -> Caller {
        if envelope.isEmpty { return .anonymous }
        if let caller = state.withLock({ $0.known(envelope) }) { return caller }
        let caller = try Caller(json: JSONDocument(envelope).root)
        state.withLock { $0.keep(caller, for: envelope) }
        return caller
    }
}

extension CallerCache.State {
    mutating func known(_ envelope: [UInt8]) -> Caller? {
        for index in recent.indices where Self.equal(recent[index].envelope, envelope) { return recent[index].caller }
        guard let caller = callers[envelope] else { return nil }
        note(caller, for: envelope)
        return caller
    }

    mutating func keep(_ caller: Caller, for envelope: [UInt8]) {
        // Dropping all is rare, cheap to refill and needs no bookkeeping on the hot path.
        if callers.count >= CallerCache.capacity { callers.removeAll(keepingCapacity: true) }
        callers[envelope] = caller
        note(caller, for: envelope)
    }

    private mutating func note(_ caller: Caller, for envelope: [UInt8]) {
        guard recent.count == CallerCache.recentCount else { return recent.append((envelope, caller)) }
        recent[oldest] = (envelope, caller)
        oldest = (oldest + 1) % CallerCache.recentCount
    }

    private static func equal(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return one.withUnsafeBytes { one in
            other.withUnsafeBytes { other in
                guard let start = one.baseAddress, let otherStart = other.baseAddress else { return true }
                return memcmp(start, otherStart, one.count) == 0
            }
        }
    }
}
