import ServiceKit

/// What is kept of a capacity that is scaled: the target itself, its policies, its scheduled actions.
protocol ScalingPart: InputShape, OutputShape {
    /// Its kind in the storage; never changed, as files hold it.
    static var kind: String { get }
    var capacity: ScalableCapacity { get }
    /// Unique among its kind and capacity; empty for the target.
    var name: String { get }
}

extension ScalingPart {
    /// Its place in lists; no name has a line end.
    var position: String { "\(capacity.resourceID)\n\(capacity.dimension)\n\(name)" }
}

/// Which parts are asked for.
struct PartFilter: Sendable {
    var resources: [String]?
    var dimension: String?
    var names: [String]?
    /// Behind this position.
    var after = ""
}

extension Snapshot {
    func target(_ capacity: ScalableCapacity) throws -> ScalableTarget? { try part("", of: capacity) }

    func part<Part: ScalingPart>(_ name: String, of capacity: ScalableCapacity) throws -> Part? {
        let definition: [UInt8]? = try value(
            """
            SELECT definition FROM scaling_part
            WHERE account = ? AND region = ? AND kind = ? AND resource = ? AND dimension = ? AND name = ?
            """, capacity.account, capacity.region, Part.kind, capacity.resourceID, capacity.dimension, name)
        return try definition.map { try Part(json: JSONDocument($0).root) }
    }

    /// All of a capacity, by name.
    func parts<Part: ScalingPart>(_ type: Part.Type = Part.self, of capacity: ScalableCapacity) throws -> [Part] {
        try parts(
            type, at: capacity.place,
            PartFilter(resources: [capacity.resourceID], dimension: capacity.dimension), limit: .max)
    }

    func parts<Part: ScalingPart>(
        _ type: Part.Type, at place: Place, _ filter: PartFilter, limit: Int
    ) throws -> [Part] {
        var values: [any SQLValue] = [place.account, place.region, Part.kind]
        var condition = ""
        for (column, wanted) in [
            ("resource", filter.resources), ("dimension", filter.dimension.map { [$0] }), ("name", filter.names),
        ] {
            guard let wanted, !wanted.isEmpty else { continue }
            condition += " AND \(column) IN (\(wanted.map { _ in "?" }.joined(separator: ", ")))"
            values += wanted
        }
        let after = filter.after.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        if after.count == 3 {
            condition += " AND (resource, dimension, name) > (?, ?, ?)"
            values += after
        }
        return try rows(
            """
            SELECT definition FROM scaling_part WHERE account = ? AND region = ? AND kind = ?\(condition)
            ORDER BY resource, dimension, name LIMIT ?
            """, values: values + [limit]
        ) { try Part(json: JSONDocument($0[0]).root) }
    }

    /// Of all accounts and regions.
    func allParts<Part: ScalingPart>(_ type: Part.Type = Part.self) throws -> [Part] {
        try rows("SELECT definition FROM scaling_part WHERE kind = ?", Part.kind) {
            try Part(json: JSONDocument($0[0]).root)
        }
    }

    func count<Part: ScalingPart>(
        _ type: Part.Type, at place: Place, of capacity: ScalableCapacity? = nil
    ) throws -> Int {
        try value(
            """
            SELECT count(*) FROM scaling_part WHERE account = ?1 AND region = ?2 AND kind = ?3
                AND (?4 IS NULL OR (resource = ?4 AND dimension = ?5))
            """, place.account, place.region, Part.kind, capacity?.resourceID, capacity?.dimension) ?? 0
    }

    /// The newest first.
    ///
    /// - Parameter before: the sequence number that the page before ended with.
    func activities(
        at place: Place, resource: String?, dimension: String?, withNotScaled: Bool, before: Int64, limit: Int
    ) throws -> [RecordedActivity] {
        try rows(
            """
            SELECT sequence, definition FROM scaling_activity
            WHERE account = ?1 AND region = ?2 AND sequence < ?3 AND (?4 IS NULL OR resource = ?4)
                AND (?5 IS NULL OR dimension = ?5) AND (scaled OR ?6)
            ORDER BY sequence DESC LIMIT ?7
            """, place.account, place.region, before, resource, dimension, withNotScaled, limit
        ) { RecordedActivity(sequence: try $0[0], definition: try StoredMembers(encoded: $0[1])) }
    }
}

extension Transaction {
    func put<Part: ScalingPart>(_ part: Part) throws {
        let capacity = part.capacity
        var json = JSONWriter()
        json.value(part)
        try execute(
            """
            INSERT INTO scaling_part (account, region, kind, resource, dimension, name, definition)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (account, region, kind, resource, dimension, name)
            DO UPDATE SET definition = excluded.definition
            """, capacity.account, capacity.region, Part.kind, capacity.resourceID, capacity.dimension, part.name,
            json.bytes)
    }

    /// False where there is none.
    func delete<Part: ScalingPart>(_ type: Part.Type, _ name: String, of capacity: ScalableCapacity) throws -> Bool {
        try execute(
            """
            DELETE FROM scaling_part
            WHERE account = ? AND region = ? AND kind = ? AND resource = ? AND dimension = ? AND name = ?
            """, capacity.account, capacity.region, Part.kind, capacity.resourceID, capacity.dimension, name) > 0
    }

    /// Forgets a target with its policies and actions. False where there is none.
    func deregister(_ capacity: ScalableCapacity) throws -> Bool {
        try execute(
            "DELETE FROM scaling_part WHERE account = ? AND region = ? AND resource = ? AND dimension = ?",
            capacity.account, capacity.region, capacity.resourceID, capacity.dimension) > 0
    }

    func record(_ activity: ScalingActivity) throws {
        let capacity = activity.capacity
        var json = JSONWriter()
        json.value(activity)
        try execute("DELETE FROM scaling_activity WHERE time < ?", activity.time - ScalingActivity.retention)
        try execute(
            """
            INSERT INTO scaling_activity (account, region, resource, dimension, time, scaled, definition)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, capacity.account, capacity.region, capacity.resourceID, capacity.dimension, activity.time,
            activity.notScaled == nil, json.bytes)
    }
}
