import ServiceKit

/// The changes of a table's capacity that AWS's limits on changes count.
///
/// [Quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#default-limits-throughput-capacity-modes)
struct CapacityHistory: Sendable, Hashable {
    private static let freeDecreases = 4
    private static let switchLimit = 4

    private(set) var lastIncrease: Timestamp?
    private(set) var lastDecrease: Timestamp?
    private var decreases: Int64 = 0
    /// Of the last day, from provisioned to on-demand capacity.
    private var switches: [Timestamp] = []

    /// Decreases since midnight, UTC.
    func decreasesToday(at now: Timestamp) -> Int64 {
        guard let lastDecrease, lastDecrease.seconds / 86400 == now.seconds / 86400 else { return 0 }
        return decreases
    }

    /// Notes a change of provisioned capacity.
    ///
    /// - Throws: for a decrease too many.
    mutating func change(from old: Throughput, to new: Throughput, at now: Timestamp) throws(ServiceError) {
        if new.read < old.read || new.write < old.write { try countDecrease(at: now) }
        if new.read > old.read || new.write > old.write { lastIncrease = now }
    }

    private mutating func countDecrease(at now: Timestamp) throws(ServiceError) {
        let today = decreasesToday(at: now)
        if today >= Self.freeDecreases, let lastDecrease, now.seconds - lastDecrease.seconds < 3600 {
            throw ServiceError(
                "LimitExceededException",
                "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After "
                    + "the first \(Self.freeDecreases) decreases, each subsequent decrease in the same UTC day can be "
                    + "performed at most once every 3600 seconds. Number of decreases today: \(today). Last decrease "
                    + "at \(lastDecrease.iso8601(milliseconds: false)).")
        }
        decreases = today + 1
        lastDecrease = now
    }

    /// Notes that the table becomes one of on-demand capacity.
    ///
    /// - Throws: for the fifth time within a day.
    mutating func becomePayPerRequest(at now: Timestamp) throws(ServiceError) {
        switches.removeAll { now.seconds - $0.seconds >= 86400 }
        guard switches.count < Self.switchLimit else {
            throw ServiceError(
                "LimitExceededException",
                "Subscriber limit exceeded: Update to PayPerRequest mode are limited to \(Self.switchLimit) times in "
                    + "1 day(s).")
        }
        switches.append(now)
    }
}

extension CapacityHistory: InputShape, OutputShape {
    init(_ member: Members) throws {
        lastIncrease = try member("lastIncrease")
        lastDecrease = try member("lastDecrease")
        decreases = try member("decreases") ?? 0
        switches = try member("switches") ?? []
    }

    func write(to json: inout JSONWriter) {
        json.member("lastIncrease", lastIncrease)
        json.member("lastDecrease", lastDecrease)
        json.member("decreases", decreases)
        json.member("switches", switches)
    }
}
