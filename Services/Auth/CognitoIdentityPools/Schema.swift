import ServiceKit

enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            CREATE TABLE pools (
                id TEXT PRIMARY KEY, region TEXT NOT NULL, account TEXT NOT NULL, members BLOB NOT NULL,
                roles BLOB NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE identities (
                id TEXT PRIMARY KEY, pool TEXT NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
                created INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX identities_of_pool ON identities (pool, id);
            CREATE TABLE logins (
                pool TEXT NOT NULL, provider TEXT NOT NULL, subject TEXT NOT NULL,
                identity TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
                PRIMARY KEY (pool, provider, subject)
            ) WITHOUT ROWID;
            CREATE INDEX logins_of_identity ON logins (identity);
            """)
    ]
}
