import ServiceKit

enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            CREATE TABLE identities (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
                PRIMARY KEY (account, region, name)
            ) WITHOUT ROWID;
            CREATE TABLE templates (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, subject TEXT, text TEXT, html TEXT,
                created INTEGER NOT NULL, PRIMARY KEY (account, region, name)
            ) WITHOUT ROWID;
            CREATE TABLE messages (
                id TEXT PRIMARY KEY, token TEXT UNIQUE, account TEXT NOT NULL, region TEXT NOT NULL,
                sender TEXT NOT NULL, recipients BLOB NOT NULL, data BLOB NOT NULL, state TEXT NOT NULL,
                attempts INTEGER NOT NULL, due INTEGER NOT NULL, error TEXT, created INTEGER NOT NULL
            );
            CREATE INDEX messages_due ON messages (state, due);
            CREATE INDEX messages_by_age ON messages (created);
            """),
        Migration(2, "ALTER TABLE messages ADD COLUMN content BLOB"),
    ]
}
