import ServiceKit

enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            CREATE TABLE pools (
                id TEXT PRIMARY KEY, region TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
                settings BLOB NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE keys (
                pool TEXT NOT NULL REFERENCES pools (id) ON DELETE CASCADE, id TEXT NOT NULL, private BLOB NOT NULL,
                created INTEGER NOT NULL, PRIMARY KEY (pool, id)
            ) WITHOUT ROWID;
            CREATE TABLE clients (
                id TEXT PRIMARY KEY, pool TEXT NOT NULL REFERENCES pools (id) ON DELETE CASCADE, name TEXT NOT NULL,
                secret BLOB, settings BLOB NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX clients_of_pool ON clients (pool, id);
            CREATE TABLE users (
                pool TEXT NOT NULL REFERENCES pools (id) ON DELETE CASCADE, username TEXT NOT NULL, sub TEXT NOT NULL,
                status TEXT NOT NULL, enabled INTEGER NOT NULL, attributes BLOB NOT NULL, salt TEXT, verifier BLOB,
                created INTEGER NOT NULL, modified INTEGER NOT NULL, tokens_valid_after INTEGER NOT NULL,
                failures INTEGER NOT NULL DEFAULT 0, locked_until INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (pool, username)
            ) WITHOUT ROWID;
            CREATE UNIQUE INDEX users_by_sub ON users (pool, sub);
            CREATE TABLE aliases (
                pool TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, username TEXT NOT NULL,
                PRIMARY KEY (pool, kind, value),
                FOREIGN KEY (pool, username) REFERENCES users (pool, username) ON DELETE CASCADE
            ) WITHOUT ROWID;
            CREATE TABLE codes (
                pool TEXT NOT NULL, username TEXT NOT NULL, purpose TEXT NOT NULL, hash BLOB NOT NULL,
                expires INTEGER NOT NULL, failures INTEGER NOT NULL, PRIMARY KEY (pool, username, purpose),
                FOREIGN KEY (pool, username) REFERENCES users (pool, username) ON DELETE CASCADE
            ) WITHOUT ROWID;
            CREATE TABLE refresh_tokens (
                hash BLOB PRIMARY KEY, pool TEXT NOT NULL, client TEXT NOT NULL, username TEXT NOT NULL,
                origin TEXT NOT NULL, signed_in INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER NOT NULL,
                FOREIGN KEY (pool, username) REFERENCES users (pool, username) ON DELETE CASCADE
            ) WITHOUT ROWID;
            CREATE UNIQUE INDEX refresh_tokens_by_origin ON refresh_tokens (origin);
            CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires);
            CREATE TABLE groups (
                pool TEXT NOT NULL REFERENCES pools (id) ON DELETE CASCADE, name TEXT NOT NULL, description TEXT,
                role TEXT, precedence INTEGER, created INTEGER NOT NULL, modified INTEGER NOT NULL,
                PRIMARY KEY (pool, name)
            ) WITHOUT ROWID;
            CREATE TABLE memberships (
                pool TEXT NOT NULL, username TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (pool, username, name),
                FOREIGN KEY (pool, username) REFERENCES users (pool, username) ON DELETE CASCADE,
                FOREIGN KEY (pool, name) REFERENCES groups (pool, name) ON DELETE CASCADE
            ) WITHOUT ROWID;
            CREATE INDEX members_of_group ON memberships (pool, name, username);
            CREATE TABLE outgoing_mail (
                id INTEGER PRIMARY KEY, token TEXT NOT NULL, recipient TEXT NOT NULL, message BLOB NOT NULL
            );
            """)
    ]
}
