import ServiceKit

/// The tables of `logs.db`; append-only.
enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            CREATE TABLE log_group (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                created INTEGER NOT NULL, retention_days INTEGER, stored_bytes INTEGER NOT NULL DEFAULT 0,
                kms_key_id TEXT, class TEXT NOT NULL,
                -- Kept until its events are gone.
                deleted INTEGER
            );
            CREATE UNIQUE INDEX log_group_name ON log_group (account, region, name) WHERE deleted IS NULL;
            CREATE INDEX log_group_deleted ON log_group (deleted) WHERE deleted IS NOT NULL;
            CREATE TABLE log_group_tag (
                log_group INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (log_group, key)
            ) WITHOUT ROWID;

            CREATE TABLE log_stream (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                log_group INTEGER NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
                first_event INTEGER, last_event INTEGER, last_ingestion INTEGER,
                deleted INTEGER
            );
            CREATE UNIQUE INDEX log_stream_name ON log_stream (log_group, name) WHERE deleted IS NULL;
            CREATE INDEX log_stream_last_event ON log_stream (log_group, coalesce(last_event, -1), id)
                WHERE deleted IS NULL;
            CREATE INDEX log_stream_deleted ON log_stream (deleted) WHERE deleted IS NOT NULL;

            -- In the order a group is read and trimmed; events of one time in the order of their numbers.
            CREATE TABLE event (
                log_group INTEGER NOT NULL, timestamp INTEGER NOT NULL, number INTEGER NOT NULL,
                stream INTEGER NOT NULL, ingested INTEGER NOT NULL, message TEXT NOT NULL,
                PRIMARY KEY (log_group, timestamp, number)
            ) WITHOUT ROWID;
            CREATE INDEX event_stream ON event (stream, timestamp, number);
            CREATE TABLE event_number (next INTEGER NOT NULL);
            INSERT INTO event_number VALUES (1);
            """)
    ]
}
