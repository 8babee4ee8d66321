import ServiceKit

/// The tables of `kms.db`; append-only.
enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            CREATE TABLE kms_key (
                id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, created INTEGER NOT NULL,
                spec TEXT NOT NULL, usage TEXT NOT NULL, manager TEXT NOT NULL, description TEXT NOT NULL,
                state TEXT NOT NULL, deletion INTEGER, waiting_days INTEGER, policy TEXT NOT NULL, tags TEXT NOT NULL,
                rotation_days INTEGER, next_rotation INTEGER
            ) WITHOUT ROWID;
            CREATE INDEX kms_key_place ON kms_key (account, region, id);
            CREATE INDEX kms_key_deletion ON kms_key (deletion) WHERE deletion IS NOT NULL;
            CREATE INDEX kms_key_rotation ON kms_key (next_rotation) WHERE next_rotation IS NOT NULL;

            -- Every material a key ever had: what an older one enciphered stays readable.
            CREATE TABLE material (
                key TEXT NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL,
                -- Under the stack's master key.
                sealed BLOB NOT NULL,
                created INTEGER NOT NULL,
                -- NULL: the key's first.
                rotation TEXT,
                PRIMARY KEY (key, version)
            ) WITHOUT ROWID;

            CREATE TABLE alias (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL,
                created INTEGER NOT NULL, updated INTEGER NOT NULL,
                PRIMARY KEY (account, region, name)
            ) WITHOUT ROWID;
            CREATE INDEX alias_key ON alias (key);

            CREATE TABLE key_grant (
                key TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
                created INTEGER NOT NULL, grantee TEXT NOT NULL, retiring TEXT, issuer TEXT NOT NULL,
                name TEXT, operations TEXT NOT NULL, constraints TEXT,
                PRIMARY KEY (key, id)
            ) WITHOUT ROWID;
            CREATE INDEX key_grant_grantee ON key_grant (key, grantee);
            CREATE INDEX key_grant_retiring ON key_grant (retiring, id) WHERE retiring IS NOT NULL;
            """)
    ]
}
