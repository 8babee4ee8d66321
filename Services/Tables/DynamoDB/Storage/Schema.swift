import ServiceKit

/// One database holds the tables of all accounts and regions: a transaction over several tables, with their indexes
/// and streams, is one SQLite transaction (docs/decisions/0010).
enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            -- 'tree': numbers for tables, indexes and streams, never given twice; 'trimmed': records forgotten.
            CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
            INSERT INTO counter VALUES ('tree', 0), ('trimmed', 0);

            CREATE TABLE "table" (
                id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                version INTEGER NOT NULL, definition BLOB NOT NULL, UNIQUE (account, region, name)
            );

            -- Items and bytes of tables and indexes.
            CREATE TABLE statistics (tree INTEGER PRIMARY KEY, items INTEGER NOT NULL, bytes INTEGER NOT NULL);

            CREATE TABLE item (
                "table" INTEGER, key BLOB, value BLOB NOT NULL, PRIMARY KEY ("table", key)
            ) WITHOUT ROWID;

            -- An index holds the items' keys only: an update that leaves its key alone does not touch it.
            CREATE TABLE entry (
                "index" INTEGER, key BLOB, item BLOB NOT NULL, PRIMARY KEY ("index", key)
            ) WITHOUT ROWID;

            -- When items with a time to live expire, in seconds since 1970.
            CREATE TABLE expiry (
                "table" INTEGER, time INTEGER, item BLOB, PRIMARY KEY ("table", time, item)
            ) WITHOUT ROWID;

            CREATE TABLE stream (
                id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, table_name TEXT NOT NULL,
                label TEXT NOT NULL, view TEXT NOT NULL, schema BLOB NOT NULL, created_at INTEGER NOT NULL,
                first_sequence INTEGER NOT NULL, disabled_at INTEGER, last_sequence INTEGER,
                UNIQUE (account, region, table_name, label)
            );

            -- AUTOINCREMENT: sequence numbers ascend also across trimming and restarts.
            CREATE TABLE record (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL, time INTEGER NOT NULL,
                event TEXT NOT NULL, expired INTEGER NOT NULL, key BLOB NOT NULL, old BLOB, new BLOB
            );
            CREATE INDEX record_stream ON record (stream, sequence);

            -- Tokens of transactions, for ten minutes.
            CREATE TABLE token (
                account TEXT, region TEXT, token TEXT, request BLOB NOT NULL, expires_at INTEGER NOT NULL,
                PRIMARY KEY (account, region, token)
            ) WITHOUT ROWID;

            -- Rows of dropped tables, indexes and expiries, cleared away bit by bit.
            CREATE TABLE garbage (tree INTEGER PRIMARY KEY);
            """),
        Migration(
            2,
            """
            -- The items lie in a file each, beside the database.
            CREATE TABLE backup (
                arn TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                created_at INTEGER NOT NULL, definition BLOB NOT NULL, items INTEGER NOT NULL,
                bytes INTEGER NOT NULL, file TEXT NOT NULL
            );

            -- What items were before each change, for tables with point-in-time recovery.
            CREATE TABLE history (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT, "table" INTEGER NOT NULL, time INTEGER NOT NULL,
                key BLOB NOT NULL, old BLOB
            );
            CREATE INDEX history_time ON history ("table", time, sequence);
            """),
        Migration(
            3,
            """
            -- Exports to buckets, asked for and done.
            CREATE TABLE export (
                arn TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, created_at INTEGER NOT NULL,
                pending INTEGER NOT NULL, state BLOB NOT NULL
            );
            """),
        Migration(
            4,
            """
            -- Imports from buckets, asked for and done.
            CREATE TABLE import (
                arn TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, created_at INTEGER NOT NULL,
                pending INTEGER NOT NULL, state BLOB NOT NULL
            );
            """),
        Migration(
            5,
            """
            -- Replicas of global tables. When and where each item was last written, as long as an older write of it
            -- may still be on its way; also of items that were deleted.
            CREATE TABLE replica_version (
                replica INTEGER, key BLOB, time INTEGER NOT NULL, region TEXT NOT NULL, PRIMARY KEY (replica, key)
            ) WITHOUT ROWID;
            CREATE INDEX replica_version_time ON replica_version (replica, time);

            -- Changes made in a replica's own region, until all others have them; without a value: deletions.
            CREATE TABLE replica_change (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT, replica INTEGER NOT NULL, time INTEGER NOT NULL,
                key BLOB NOT NULL, value BLOB
            );
            CREATE INDEX replica_change_replica ON replica_change (replica, sequence);

            -- Up to where a replica has the changes of another region.
            CREATE TABLE replica_position (
                replica INTEGER, region TEXT, sequence INTEGER NOT NULL, PRIMARY KEY (replica, region)
            ) WITHOUT ROWID;
            """),
    ]
}
