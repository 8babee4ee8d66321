import ServiceKit

extension Schema {
    /// Table buckets, and the state of the tables in them.
    static let tableMigrations = [
        Migration(
            1,
            """
            CREATE TABLE table_bucket (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                uuid TEXT NOT NULL,
                account TEXT NOT NULL,
                region TEXT NOT NULL,
                name TEXT NOT NULL,
                is_managed INTEGER NOT NULL,
                created INTEGER NOT NULL,
                UNIQUE (account, region, name)
            );

            CREATE TABLE table_namespace (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                uuid TEXT NOT NULL,
                table_bucket INTEGER NOT NULL REFERENCES table_bucket (id),
                name TEXT NOT NULL,
                created INTEGER NOT NULL,
                UNIQUE (table_bucket, name)
            );

            -- `warehouse`: the bucket of its files, which nobody lists. `source`: the bucket it tells of. `metadata`: the
            -- key of the file that is its present state, empty before the first. `follows`: of an inventory that is kept up to date, the journal
            -- that tells what has changed. `backfill`: the key up to which an inventory has come; NULL: it is complete.
            CREATE TABLE iceberg_table (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                uuid TEXT NOT NULL,
                namespace INTEGER NOT NULL REFERENCES table_namespace (id),
                name TEXT NOT NULL,
                kind TEXT NOT NULL,
                source INTEGER NOT NULL,
                source_name TEXT NOT NULL,
                warehouse TEXT NOT NULL UNIQUE,
                encryption_key TEXT,
                created INTEGER NOT NULL,
                modified INTEGER NOT NULL,
                token TEXT NOT NULL,
                metadata TEXT NOT NULL,
                expiration_days INTEGER,
                follows INTEGER,
                backfill TEXT,
                failure TEXT,
                UNIQUE (namespace, name)
            );
            CREATE INDEX iceberg_table_follows ON iceberg_table (follows);

            -- Data files, those included that only older snapshots have: `removed` is the first without it. Of a journal:
            -- the day of its records, and whether they wait to be written once more with others (`is_open`). Of an
            -- inventory: the keys that it has, those behind `after` up to and with `through`; with no rows there is no file.
            CREATE TABLE iceberg_file (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                iceberg_table INTEGER NOT NULL,
                key TEXT NOT NULL,
                rows INTEGER NOT NULL,
                size INTEGER NOT NULL,
                snapshot INTEGER NOT NULL,
                sequence INTEGER NOT NULL,
                removed INTEGER,
                day INTEGER NOT NULL,
                is_open INTEGER NOT NULL,
                after TEXT,
                through TEXT,
                is_stale INTEGER NOT NULL DEFAULT 0
            );
            CREATE INDEX iceberg_file_table ON iceberg_file (iceberg_table, removed, after);

            CREATE TABLE iceberg_snapshot (
                iceberg_table INTEGER NOT NULL,
                sequence INTEGER NOT NULL,
                id INTEGER NOT NULL,
                parent INTEGER,
                time INTEGER NOT NULL,
                operation TEXT NOT NULL,
                rows INTEGER NOT NULL,
                files INTEGER NOT NULL,
                list TEXT NOT NULL,
                manifest TEXT NOT NULL,
                metadata TEXT NOT NULL,
                PRIMARY KEY (iceberg_table, sequence)
            ) WITHOUT ROWID;

            -- Changes of objects that no closed file has yet, noted in the transactions that made them. `file`: the open
            -- file that has it; NULL: none.
            CREATE TABLE journal_record (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                iceberg_table INTEGER NOT NULL,
                file INTEGER,
                day INTEGER NOT NULL,
                key TEXT NOT NULL,
                body BLOB NOT NULL
            );
            CREATE INDEX journal_record_file ON journal_record (iceberg_table, file, id);
            """, group: "tables"),
        Migration(
            2,
            """
            -- What manifests tell of the values of its columns; NULL of files written before.
            ALTER TABLE iceberg_file ADD COLUMN metrics BLOB;

            -- Documents as they were attached. `encryption_key`: of KMS, for tables that say nothing of it.
            ALTER TABLE table_bucket ADD COLUMN policy TEXT;
            ALTER TABLE table_bucket ADD COLUMN encryption_key TEXT;
            ALTER TABLE iceberg_table ADD COLUMN policy TEXT;
            """, group: "tables"),
        Migration(
            3,
            """
            -- As objects' tags are stored; NULL for none.
            ALTER TABLE table_bucket ADD COLUMN tags BLOB;
            ALTER TABLE iceberg_table ADD COLUMN tags BLOB;

            -- Whether a journal is written no more, because too much waited for it.
            ALTER TABLE iceberg_table ADD COLUMN is_given_up INTEGER NOT NULL DEFAULT 0;
            """, group: "tables"),
    ]
}
