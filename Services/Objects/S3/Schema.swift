import ServiceKit

/// The tables of `objects.db`.
enum Schema {
    /// With the tables of what else lives in the file.
    static var all: [Migration] {
        migrations + accessLogMigrations + restorationMigrations + accessPointMigrations + namedConfigurationMigrations
            + batchMigrations + tableMigrations + EventLog.migrations
    }

    static let migrations = [
        Migration(
            1,
            """
            -- Bucket names are one namespace for all accounts. `revision` changes with every configuration, so that a
            -- writer can tell whether what it knows of the bucket still holds.
            CREATE TABLE bucket (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL UNIQUE,
                account TEXT NOT NULL,
                region TEXT NOT NULL,
                created INTEGER NOT NULL,
                versioning TEXT NOT NULL,
                revision INTEGER NOT NULL
            );
            CREATE INDEX bucket_account ON bucket (account, name);

            CREATE TABLE bucket_configuration (
                bucket INTEGER NOT NULL REFERENCES bucket (id) ON DELETE CASCADE,
                kind TEXT NOT NULL,
                body BLOB NOT NULL,
                PRIMARY KEY (bucket, kind)
            ) WITHOUT ROWID;

            -- Every version of every object. The one with the highest id is the key's current version. The bytes of
            -- small ones come last, so that listing does not read them.
            CREATE TABLE object (
                id INTEGER PRIMARY KEY,
                bucket INTEGER NOT NULL REFERENCES bucket (id),
                key TEXT NOT NULL,
                version TEXT NOT NULL,
                is_delete_marker INTEGER NOT NULL,
                modified INTEGER NOT NULL,
                size INTEGER NOT NULL,
                etag TEXT NOT NULL,
                storage_class TEXT NOT NULL,
                checksum TEXT,
                headers BLOB NOT NULL,
                tags BLOB,
                upload TEXT,
                segments TEXT,
                bytes BLOB
            );
            CREATE UNIQUE INDEX object_key ON object (bucket, key, id);

            CREATE TABLE upload (
                id TEXT PRIMARY KEY,
                bucket INTEGER NOT NULL REFERENCES bucket (id),
                key TEXT NOT NULL,
                initiated INTEGER NOT NULL,
                initiator TEXT NOT NULL,
                storage_class TEXT NOT NULL,
                checksum_algorithm TEXT NOT NULL,
                checksum_type TEXT NOT NULL,
                headers BLOB NOT NULL,
                tags BLOB
            ) WITHOUT ROWID;
            CREATE INDEX upload_key ON upload (bucket, key, id);

            CREATE TABLE part (
                upload TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
                number INTEGER NOT NULL,
                modified INTEGER NOT NULL,
                size INTEGER NOT NULL,
                etag TEXT NOT NULL,
                checksum TEXT,
                segments TEXT NOT NULL,
                PRIMARY KEY (upload, number)
            ) WITHOUT ROWID;
            """),
        Migration(
            2,
            """
            -- How the bytes are enciphered; NULL: not at all, as all were before.
            ALTER TABLE object ADD COLUMN encryption TEXT;
            ALTER TABLE upload ADD COLUMN encryption TEXT;
            -- What keeps a version from deletion; NULL: nothing.
            ALTER TABLE object ADD COLUMN lock TEXT;
            ALTER TABLE upload ADD COLUMN lock TEXT;
            -- CRC-64/NVME of the bytes as they were sent; that in `segments` is of the bytes as they are stored.
            ALTER TABLE part ADD COLUMN crc INTEGER;
            """),
        Migration(
            3,
            """
            -- Who owns a version and who else may use it; NULL: the bucket's owner, and nobody else.
            ALTER TABLE object ADD COLUMN acl BLOB;
            ALTER TABLE upload ADD COLUMN acl BLOB;
            """),
        Migration(
            4,
            """
            -- What became of a version's replication; NULL: no rule asks for it.
            ALTER TABLE object ADD COLUMN replication TEXT;

            -- A version that another bucket is to have as it is here, noted in the transaction that made it so. `creates`:
            -- whether the version itself may still be missing there, or only its tags, list and lock have changed.
            CREATE TABLE replication_task (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                bucket INTEGER NOT NULL REFERENCES bucket (id) ON DELETE CASCADE,
                key TEXT NOT NULL,
                version TEXT NOT NULL,
                destination TEXT NOT NULL,
                rule TEXT NOT NULL,
                creates INTEGER NOT NULL,
                noted INTEGER NOT NULL,
                attempts INTEGER NOT NULL DEFAULT 0,
                due INTEGER NOT NULL,
                is_late INTEGER NOT NULL DEFAULT 0,
                UNIQUE (bucket, key, version, destination)
            );
            CREATE INDEX replication_task_due ON replication_task (due, id);

            -- How far a rule has come that replicates what was there before it.
            CREATE TABLE replication_backfill (
                bucket INTEGER NOT NULL REFERENCES bucket (id) ON DELETE CASCADE,
                rule TEXT NOT NULL,
                key TEXT NOT NULL,
                position INTEGER NOT NULL,
                PRIMARY KEY (bucket, rule)
            ) WITHOUT ROWID;
            """),
        Migration(
            5,
            """
            -- What listings tell lies in the index itself: a page reads neighbours, and not a row here and there among the
            -- bytes of small objects.
            CREATE INDEX object_listing ON object (
                bucket, key, id, version, is_delete_marker, modified, size, etag, storage_class, checksum
            );
            DROP INDEX object_key;
            """),
        Migration(
            6,
            """
            -- Whether versions go only by a code of root's device; NULL: nobody ever said.
            ALTER TABLE bucket ADD COLUMN mfa_delete TEXT;
            """),
    ]
}
