import Synchronization

/// Callers already read: the gateway sends the same bytes for every request of one credential.
final class CallerCache: Sendable {
    static let shared = CallerCache()
    private static let capacity = 4096

    private let callers = Mutex<[[UInt8]: Caller]>([:])

    func caller(_ envelope: [UInt8]) throws -> Caller {
        if envelope.isEmpty { return .anonymous }
        if let caller = callers.withLock({ $0[envelope] }) { return caller }
        let caller = try Caller(json: JSONDocument(envelope).root)
        callers.withLock { callers in
            // Dropping all is rare, cheap to refill and needs no bookkeeping on the hot path.
            if callers.count >= CallerCache.capacity { callers.removeAll(keepingCapacity: true) }
            callers[envelope] = caller
        }
        return caller
    }
}
