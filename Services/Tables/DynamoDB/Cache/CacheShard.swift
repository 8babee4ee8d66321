import ServiceKit

/// A part of the cache, under one lock of the cache's: so many bytes at most; what was not used for the longest goes
/// first.
struct CacheShard: Sendable {
    /// A value in the order of use. Never copied as a whole: that would retain all that is in it.
    private struct Slot: Sendable {
        let key: ReadCache.Key
        var value: ReadCache.Value
        let cost: Int
        let storedAt: Timestamp
        let lifetime: Duration?
        /// Neighbours in the order of use, or `nobody`.
        var newer = nobody
        var older = nobody
    }

    /// What a value takes besides its bytes and those of its key: slot, dictionary, headers of arrays.
    private static let overhead = 320
    private static let nobody = -1

    private(set) var statistics = CacheStatistics()
    /// Counts the commits that touched items of this shard.
    private(set) var generation: UInt64 = 0
    private let limit: Int
    private var places: [ReadCache.Key: Int] = [:]
    /// Places that are free hold nothing of their last value but its key.
    private var slots: [Slot] = []
    private var free: [Int] = []
    private var newest = nobody
    private var oldest = nobody

    init(limit: Int) { self.limit = limit }

    /// - Parameter lifetime: how long values count now, which may be shorter than when this one was stored.
    mutating func find(_ key: ReadCache.Key, within lifetime: Duration?, at now: Timestamp) -> ReadCache.Value? {
        let known = places[key]
        guard let place = known, !isOver(place, lifetime, at: now) else {
            if let known { remove(at: known) }
            statistics.count(key.kind, isHit: false)
            return nil
        }
        if newest != place {
            unlink(place)
            link(place)
        }
        statistics.count(key.kind, isHit: true)
        return slots[place].value
    }

    mutating func store(
        _ value: ReadCache.Value, for key: ReadCache.Key, lifetime: Duration?, at now: Timestamp
    ) {
        remove(key)
        let cost = key.bytes.count + value.byteCount + Self.overhead
        // One answer shall not push out all others.
        guard cost <= limit / 2 else { return }
        while statistics.bytes + cost > limit, oldest != Self.nobody {
            remove(at: oldest)
            statistics.evictions += 1
        }
        let slot = Slot(key: key, value: value, cost: cost, storedAt: now, lifetime: lifetime)
        let place = free.popLast() ?? slots.count
        if place == slots.count { slots.append(slot) } else { slots[place] = slot }
        places[key] = place
        statistics.bytes += cost
        statistics.entries += 1
        link(place)
    }

    /// Notes that a commit touched the item: nothing read before may be stored after.
    mutating func invalidate(_ key: ReadCache.Key) {
        generation += 1
        remove(key)
    }

    /// Lets go of what is too old to be answered, or belongs to another version of a table than these.
    mutating func sweep(at now: Timestamp, keeping versions: [Int64: Int64]) {
        for place in Array(places.values) {
            let slot = slots[place]
            let isCurrent = versions[slot.key.table].map { $0 == slot.key.version } ?? false
            if !isCurrent || isOver(place, slot.lifetime, at: now) { remove(at: place) }
        }
        guard places.isEmpty else { return }
        (places, slots, free) = ([:], [], [])
    }

    private func isOver(_ place: Int, _ lifetime: Duration?, at now: Timestamp) -> Bool {
        guard let lifetime else { return false }
        return now.milliseconds - slots[place].storedAt.milliseconds >= lifetime.milliseconds
    }

    private mutating func remove(_ key: ReadCache.Key) {
        if let place = places[key] { remove(at: place) }
    }

    private mutating func remove(at place: Int) {
        unlink(place)
        places[slots[place].key] = nil
        slots[place].value = .item(nil)
        free.append(place)
        statistics.bytes -= slots[place].cost
        statistics.entries -= 1
    }

    // MARK: The order of use

    private mutating func link(_ place: Int) {
        slots[place].older = newest
        slots[place].newer = Self.nobody
        if newest != Self.nobody { slots[newest].newer = place }
        newest = place
        if oldest == Self.nobody { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (slots[place].newer, slots[place].older)
        if newer == Self.nobody { newest = older } else { slots[newer].older = older }
        if older == Self.nobody { oldest = newer } else { slots[older].newer = newer }
    }
}
