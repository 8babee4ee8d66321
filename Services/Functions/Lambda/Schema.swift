import ServiceKit

/// The tables of `functions.sqlite`. Append-only: a released step is never changed.
enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            CREATE TABLE function (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                next_version INTEGER NOT NULL, reserved_concurrency INTEGER, tags BLOB NOT NULL,
                PRIMARY KEY (account, region, name)
            ) WITHOUT ROWID;
            CREATE TABLE version (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
                number INTEGER NOT NULL, configuration BLOB NOT NULL,
                PRIMARY KEY (account, region, name, version),
                FOREIGN KEY (account, region, name) REFERENCES function ON DELETE CASCADE
            ) WITHOUT ROWID;
            CREATE TABLE alias (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, alias TEXT NOT NULL,
                version TEXT NOT NULL, configuration BLOB NOT NULL,
                PRIMARY KEY (account, region, name, alias),
                FOREIGN KEY (account, region, name) REFERENCES function ON DELETE CASCADE
            ) WITHOUT ROWID;
            CREATE TABLE statement (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, qualifier TEXT NOT NULL,
                id TEXT NOT NULL, position INTEGER NOT NULL, statement BLOB NOT NULL,
                PRIMARY KEY (account, region, name, qualifier, id),
                FOREIGN KEY (account, region, name) REFERENCES function ON DELETE CASCADE
            ) WITHOUT ROWID;
            CREATE TABLE event_configuration (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, qualifier TEXT NOT NULL,
                configuration BLOB NOT NULL,
                PRIMARY KEY (account, region, name, qualifier),
                FOREIGN KEY (account, region, name) REFERENCES function ON DELETE CASCADE
            ) WITHOUT ROWID;
            CREATE TABLE mapping (
                id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, function TEXT NOT NULL,
                source TEXT NOT NULL, configuration BLOB NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE checkpoint (
                mapping TEXT NOT NULL REFERENCES mapping ON DELETE CASCADE, shard TEXT NOT NULL, sequence TEXT NOT NULL,
                PRIMARY KEY (mapping, shard)
            ) WITHOUT ROWID;
            CREATE TABLE event (
                id INTEGER PRIMARY KEY, request TEXT NOT NULL UNIQUE, account TEXT NOT NULL, region TEXT NOT NULL,
                name TEXT NOT NULL, qualifier TEXT, payload BLOB NOT NULL, trace TEXT,
                accepted INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL
            );
            CREATE INDEX event_due ON event (due);
            """),
        Migration(
            2,
            """
            CREATE TABLE layer_version (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,
                sha256 TEXT NOT NULL, size INTEGER NOT NULL, unpacked INTEGER NOT NULL, description TEXT, license TEXT,
                runtimes BLOB NOT NULL, architectures BLOB NOT NULL, created INTEGER NOT NULL,
                deleted INTEGER NOT NULL, PRIMARY KEY (account, region, name, number)
            ) WITHOUT ROWID;
            CREATE TABLE function_url (
                id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                qualifier TEXT NOT NULL, authentication TEXT NOT NULL, cors BLOB, created INTEGER NOT NULL,
                modified INTEGER NOT NULL, UNIQUE (account, region, name, qualifier),
                FOREIGN KEY (account, region, name) REFERENCES function ON DELETE CASCADE
            ) WITHOUT ROWID;
            """),
    ]
}
