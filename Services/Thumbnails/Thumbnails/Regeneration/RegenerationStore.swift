import ServiceKit

extension Schema {
    static let regenerations = Migration(
        2,
        """
        -- The last one of each bucket.
        CREATE TABLE regeneration (
            bucket TEXT PRIMARY KEY,
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            target TEXT NOT NULL,
            state TEXT NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER,
            total INTEGER,
            position TEXT NOT NULL,
            derived INTEGER NOT NULL,
            refused INTEGER NOT NULL,
            waiting INTEGER NOT NULL,
            skipped INTEGER NOT NULL,
            reason TEXT
        ) WITHOUT ROWID;
        """)
}

private let columns = """
    bucket, account, region, target, state, started, ended, total, position, derived, refused, waiting, skipped, reason
    """

extension Regeneration {
    fileprivate init(_ row: Row) throws {
        self.init(
            bucket: try row[0], account: try row[1], region: try row[2], target: try row[3], state: try row[4],
            started: try row[5], ended: try row[6], total: try row[7], position: try row[8],
            tally: Tally(derived: try row[9], refused: try row[10], waiting: try row[11], skipped: try row[12]),
            reason: try row[13])
    }
}

extension Snapshot {
    func regeneration(of bucket: String) throws -> Regeneration? {
        try first("SELECT \(columns) FROM regeneration WHERE bucket = ?", bucket, body: Regeneration.init)
    }

    func regenerations() throws -> [Regeneration] {
        try rows("SELECT \(columns) FROM regeneration ORDER BY started DESC, bucket", body: Regeneration.init)
    }

    /// The one that was begun first of those that are not over.
    func nextRegeneration() throws -> Regeneration? {
        try first(
            "SELECT \(columns) FROM regeneration WHERE state = ? ORDER BY started, bucket LIMIT 1",
            Regeneration.State.running, body: Regeneration.init)
    }
}

extension Transaction {
    /// Rung when one is begun.
    static let regenerationTopic = "regenerations"

    /// In place of the bucket's last one.
    func put(_ regeneration: Regeneration) throws {
        let (one, tally) = (regeneration, regeneration.tally)
        try execute(
            """
            INSERT OR REPLACE INTO regeneration (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, one.bucket, one.account, one.region, one.target, one.state, one.started, one.ended, one.total,
            one.position, tally.derived, tally.refused, tally.waiting, tally.skipped, one.reason)
        announce(Self.regenerationTopic)
    }

    /// Changes one as it is now, unless it is over, or another one was begun since.
    ///
    /// - Returns: whether it goes on.
    func advance(_ known: Regeneration, _ change: (inout Regeneration) -> Void) throws -> Bool {
        guard var current = try regeneration(of: known.bucket), current.state == .running,
            current.started == known.started
        else { return false }
        change(&current)
        try put(current)
        return current.state == .running
    }
}
