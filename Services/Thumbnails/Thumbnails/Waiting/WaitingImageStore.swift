import ServiceKit

extension Schema {
    static let waitingImages = Migration(
        1,
        """
        -- Images to be tried again; those without a time were given up and are kept to be shown.
        CREATE TABLE waiting_image (
            bucket TEXT NOT NULL,
            key TEXT NOT NULL,
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            target TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            since INTEGER NOT NULL,
            due INTEGER,
            reason TEXT NOT NULL,
            PRIMARY KEY (bucket, key)
        ) WITHOUT ROWID;
        CREATE INDEX waiting_image_due ON waiting_image (due);
        """)
}

private let columns = "bucket, key, account, region, target, attempts, since, due, reason"

extension WaitingImage {
    fileprivate init(_ row: Row) throws {
        let change = ObjectChange(
            bucket: try row[0], account: try row[2], region: try row[3], key: try row[1], target: try row[4])
        self.init(change: change, attempts: try row[5], since: try row[6], due: try row[7], reason: try row[8])
    }
}

extension Snapshot {
    func waitingImage(_ change: ObjectChange) throws -> WaitingImage? {
        try first(
            "SELECT \(columns) FROM waiting_image WHERE bucket = ? AND key = ?", change.bucket, change.key,
            body: WaitingImage.init)
    }

    func waitingImages(dueBy now: Timestamp, limit: Int) throws -> [WaitingImage] {
        try rows(
            "SELECT \(columns) FROM waiting_image WHERE due <= ? ORDER BY due LIMIT ?", now, limit,
            body: WaitingImage.init)
    }

    func timeOfNextWaitingImage() throws -> Timestamp? {
        try first("SELECT due FROM waiting_image WHERE due IS NOT NULL ORDER BY due LIMIT 1") { try $0[0] }
    }

    func countOfWaitingImages() throws -> Int { try value("SELECT COUNT(*) FROM waiting_image") ?? 0 }

    /// Those that wait longest.
    func waitingImages(limit: Int) throws -> [WaitingImage] {
        try rows("SELECT \(columns) FROM waiting_image ORDER BY since LIMIT ?", limit, body: WaitingImage.init)
    }
}

extension Transaction {
    /// Rung when there is something to try again.
    static let waitingTopic = "waiting images"

    func put(_ image: WaitingImage) throws {
        let change = image.change
        try execute(
            "INSERT OR REPLACE INTO waiting_image (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", change.bucket,
            change.key, change.account, change.region, change.target, image.attempts, image.since, image.due,
            image.reason)
        announce(Self.waitingTopic)
    }

    func deleteWaitingImage(_ change: ObjectChange) throws {
        try execute("DELETE FROM waiting_image WHERE bucket = ? AND key = ?", change.bucket, change.key)
    }
}
