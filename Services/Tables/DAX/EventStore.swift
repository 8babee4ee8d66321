import ServiceKit

/// Something that happened to a cluster or a group.
struct ClusterEvent: Sendable, OutputShape {
    enum SourceType: String, Sendable {
        case cluster = "CLUSTER"
        case parameterGroup = "PARAMETER_GROUP"
        case subnetGroup = "SUBNET_GROUP"
    }

    /// How long events are kept.
    static let retention = Duration.seconds(14 * 86400)

    let sequence: Int64
    let type: String
    let source: String
    let message: String
    let time: Timestamp

    func write(to json: inout JSONWriter) {
        json.member("SourceName", source)
        json.member("SourceType", type)
        json.member("Message", message)
        json.member("Date", time)
    }
}

/// Which events are asked for.
struct EventFilter: Sendable {
    var source: String?
    var type: String?
    var span: ClosedRange<Timestamp>
}

extension Snapshot {
    /// The newest first.
    ///
    /// - Parameter before: the sequence number that the page before ended with.
    func events(_ filter: EventFilter, at place: Place, before: Int64, limit: Int) throws -> [ClusterEvent] {
        try rows(
            """
            SELECT sequence, type, source, message, time FROM dax_event
            WHERE account = ?1 AND region = ?2 AND sequence < ?3 AND time >= ?4 AND time <= ?5
                AND (?6 IS NULL OR source = ?6) AND (?7 IS NULL OR type = ?7)
            ORDER BY sequence DESC LIMIT ?8
            """, place.account, place.region, before, filter.span.lowerBound, filter.span.upperBound, filter.source,
            filter.type, limit
        ) {
            ClusterEvent(
                sequence: try $0[0], type: try $0[1], source: try $0[2], message: try $0[3], time: try $0[4])
        }
    }
}

extension Transaction {
    func record(
        _ message: String, of source: String, _ type: ClusterEvent.SourceType = .cluster, at place: Place,
        _ now: Timestamp
    ) throws {
        try execute("DELETE FROM dax_event WHERE time < ?", now - ClusterEvent.retention)
        try execute(
            "INSERT INTO dax_event (account, region, time, type, source, message) VALUES (?, ?, ?, ?, ?, ?)",
            place.account, place.region, now, type.rawValue, source, message)
    }
}
