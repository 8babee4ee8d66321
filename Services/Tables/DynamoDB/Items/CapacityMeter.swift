import ServiceKit
import Synchronization

/// Provisioned capacity as buckets of units: each fills by its rate and keeps what was not used for five minutes.
///
/// A request is let through while its bucket is not empty and takes what it came to cost, so that a bucket may go below
/// zero for a while: an item larger than a second's capacity can still be read. Buckets live in memory: after a restart
/// they are full.
///
/// [Burst capacity](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html)
final class CapacityMeter: Sendable {
    enum Direction: Sendable, Hashable { case read, write }

    /// Seconds of unused capacity that are kept.
    private static let burst = 300.0

    private struct Key: Hashable {
        let tree: Int64
        let direction: Direction
    }

    private struct Bucket {
        var units: Double
        var time: Timestamp
        var rate: Int64
        /// All that was ever taken, for those who scale by it.
        var taken = 0.0
    }

    private let buckets = Mutex<[Key: Bucket]>([:])

    /// - Throws: `ProvisionedThroughputExceededException` where table or index has nothing left.
    func admit(
        _ direction: Direction, _ table: TableDefinition, _ index: SecondaryIndex? = nil, at now: Timestamp
    ) throws(ServiceError) {
        guard hasUnits(direction, table, index, at: now) else { throw .throughputExceeded(index) }
    }

    /// False where the next request would be refused.
    func hasUnits(
        _ direction: Direction, _ table: TableDefinition, _ index: SecondaryIndex? = nil, at now: Timestamp
    ) -> Bool {
        guard table.billing == .provisioned else { return true }
        let (tree, rate) = Self.source(direction, table, index)
        return buckets.withLock { buckets in
            Self.refilled(buckets[Key(tree: tree, direction: direction)], rate, at: now).units > 0
        }
    }

    /// Takes what a read came to cost.
    func charge(read units: Double, _ table: TableDefinition, _ index: SecondaryIndex? = nil, at now: Timestamp) {
        guard table.billing == .provisioned else { return }
        take(units, .read, table, index, at: now)
    }

    /// Takes what a write costs its table and indexes, in the write's own transaction.
    ///
    /// - Throws: `ProvisionedThroughputExceededException`, which undoes the write.
    func charge(_ outcome: ItemWrite.Outcome, factor: Double = 1, at now: Timestamp) throws {
        let table = outcome.table
        guard table.billing == .provisioned else { return }
        try admit(.write, table, at: now)
        for name in outcome.indexUnits.keys { try admit(.write, table, table.index(named: name), at: now) }
        try take(outcome, factor: factor, at: now)
    }

    /// Takes what a write costs its table and indexes, whether they have it or not.
    func take(_ outcome: ItemWrite.Outcome, factor: Double = 1, at now: Timestamp) throws {
        let table = outcome.table
        guard table.billing == .provisioned else { return }
        take(try outcome.tableUnits * factor, .write, table, nil, at: now)
        for (name, units) in outcome.indexUnits {
            take(units * factor, .write, table, table.index(named: name), at: now)
        }
    }

    private func take(
        _ units: Double, _ direction: Direction, _ table: TableDefinition, _ index: SecondaryIndex?, at now: Timestamp
    ) {
        let (tree, rate) = Self.source(direction, table, index)
        let key = Key(tree: tree, direction: direction)
        buckets.withLock { buckets in
            var bucket = Self.refilled(buckets[key], rate, at: now)
            bucket.units -= units
            bucket.taken += units
            buckets[key] = bucket
        }
    }

    /// Units taken since the process began.
    func consumption(_ direction: Direction, _ table: TableDefinition, _ index: SecondaryIndex? = nil) -> Double {
        let key = Key(tree: Self.source(direction, table, index).tree, direction: direction)
        return buckets.withLock { $0[key]?.taken ?? 0 }
    }

    /// A local index uses its table's capacity, a global one its own.
    private static func source(
        _ direction: Direction, _ table: TableDefinition, _ index: SecondaryIndex?
    ) -> (tree: Int64, rate: Int64) {
        let own = index.flatMap { $0.scope == .global ? $0 : nil }
        let throughput = own?.throughput ?? table.throughput
        return (own?.id ?? table.id, direction == .read ? throughput.read : throughput.write)
    }

    /// With what has flown in since; a changed rate starts anew from the smaller of both reserves.
    private static func refilled(_ bucket: Bucket?, _ rate: Int64, at now: Timestamp) -> Bucket {
        let limit = Double(rate) * burst
        guard let bucket else { return Bucket(units: limit, time: now, rate: rate) }
        let seconds = max(0, Double(now.milliseconds - bucket.time.milliseconds) / 1000)
        return Bucket(
            units: min(limit, bucket.units + seconds * Double(bucket.rate)), time: max(now, bucket.time), rate: rate,
            taken: bucket.taken)
    }
}

extension ServiceError {
    /// A table's or a global index's provisioned capacity is used up.
    static func throughputExceeded(_ index: SecondaryIndex? = nil) -> ServiceError {
        let subject = index?.scope == .global ? "one or more global secondary indexes of the table" : "the table"
        let hint = index?.scope == .global ? "for your under-provisioned global secondary indexes " : ""
        return ServiceError(
            "ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for \(subject) was exceeded. Consider increasing your "
                + "provisioning level \(hint)with the UpdateTable API.")
    }
}
