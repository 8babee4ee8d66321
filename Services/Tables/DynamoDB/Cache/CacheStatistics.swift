import ServiceKit

/// What a cache did and holds.
struct CacheStatistics: Sendable, Equatable {
    struct Lookups: Sendable, Equatable {
        var hits = 0
        var misses = 0
    }

    var items = Lookups()
    /// Of queries and scans.
    var pages = Lookups()
    /// Answers pushed out by others; not those whose time was over.
    var evictions = 0
    var bytes = 0
    var entries = 0

    mutating func count(_ kind: ReadCache.Key.Kind, isHit: Bool) {
        switch (kind, isHit) {
        case (.item, true): items.hits += 1
        case (.item, false): items.misses += 1
        case (_, true): pages.hits += 1
        case (_, false): pages.misses += 1
        }
    }

    static func + (left: CacheStatistics, right: CacheStatistics) -> CacheStatistics {
        var sum = left
        sum.items.hits += right.items.hits
        sum.items.misses += right.items.misses
        sum.pages.hits += right.pages.hits
        sum.pages.misses += right.pages.misses
        sum.evictions += right.evictions
        sum.bytes += right.bytes
        sum.entries += right.entries
        return sum
    }

    func report(to metrics: Metrics) {
        for (kind, lookups) in [("item", items), ("query", pages)] {
            metrics.set("apus_tables_cache_hits_total", labels: "cache=\"\(kind)\"", to: Double(lookups.hits))
            metrics.set("apus_tables_cache_misses_total", labels: "cache=\"\(kind)\"", to: Double(lookups.misses))
        }
        metrics.set("apus_tables_cache_evictions_total", to: Double(evictions))
        metrics.set("apus_tables_cache_bytes", to: Double(bytes))
        metrics.set("apus_tables_cache_entries", to: Double(entries))
    }
}
