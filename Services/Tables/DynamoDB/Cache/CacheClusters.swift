import ServiceKit
import Synchronization

/// How long a cache keeps what was read; `nil`: until something else needs the room.
public struct CacheTimes: Sendable, Hashable {
    public var items: Duration?
    /// Of queries and scans.
    public var pages: Duration?

    public init(items: Duration?, pages: Duration?) {
        self.items = items
        self.pages = pages
    }
}

/// The DAX clusters that tables may name in their tag `apus:cache`.
public final class CacheClusters: Sendable {
    private let times = Mutex<[Place: [String: CacheTimes]]>([:])

    public init() {}

    /// Takes the clusters of an account in a region in place of those known, by name.
    public func set(_ clusters: [String: CacheTimes], account: String, region: String) {
        let place = Place(account: account, region: region)
        times.withLock { $0[place] = clusters.isEmpty ? nil : clusters }
    }

    func times(of name: String, account: String, region: String) -> CacheTimes? {
        times.withLock { $0[Place(account: account, region: region)]?[name] }
    }
}
