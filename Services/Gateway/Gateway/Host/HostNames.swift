import Synchronization

/// Host names already understood: clients send the same few with every request.
final class HostNames: Sendable {
    private static let capacity = 1024
    private let domains: [String]
    private let known = Mutex<[String: HostName]>([:])

    /// - Parameter domains: further domains the stack is reached under.
    init(domains: [String]) { self.domains = domains }

    func name(_ field: String) -> HostName {
        known.withLock { known in
            if let name = known[field] { return name }
            let name = HostName(field, domains: domains)
            // Dropping all is rare, cheap to refill and needs no bookkeeping on the hot path.
            if known.count >= HostNames.capacity { known.removeAll(keepingCapacity: true) }
            known[field] = name
            return name
        }
    }
}
