import Storage

extension EventLog {
    /// The tables of producers and subscribers; append them to the owner's own migrations.
    public static let migrations = [
        // AUTOINCREMENT: a position is not used again after its event was trimmed.
        Migration(
            1,
            """
            CREATE TABLE outbox (
                position INTEGER PRIMARY KEY AUTOINCREMENT,
                type TEXT NOT NULL,
                key TEXT NOT NULL,
                time INTEGER NOT NULL,
                body BLOB NOT NULL
            );
            CREATE TABLE outbox_log (id TEXT NOT NULL);
            INSERT INTO outbox_log VALUES (lower(hex(randomblob(16))));
            CREATE TABLE outbox_subscriber (
                name TEXT PRIMARY KEY,
                position INTEGER NOT NULL,
                acknowledged_at INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE inbox (
                source TEXT PRIMARY KEY,
                log TEXT NOT NULL,
                position INTEGER NOT NULL
            ) WITHOUT ROWID;
            """, group: "events")
    ]
}
