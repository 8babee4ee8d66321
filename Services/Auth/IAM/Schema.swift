import ServiceKit

/// The tables of `iam.db`; append-only.
enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            -- Users, groups and roles: names are unique without regard to case.
            CREATE TABLE identity (
                account TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE,
                path TEXT NOT NULL, unique_id TEXT NOT NULL, created INTEGER NOT NULL,
                boundary TEXT, tags TEXT NOT NULL,
                trust_policy TEXT, description TEXT, max_session_seconds INTEGER,
                PRIMARY KEY (account, kind, name)
            ) WITHOUT ROWID;
            CREATE TABLE membership (
                account TEXT NOT NULL, user TEXT NOT NULL COLLATE NOCASE, team TEXT NOT NULL COLLATE NOCASE,
                PRIMARY KEY (account, user, team)
            ) WITHOUT ROWID;
            CREATE TABLE inline_policy (
                account TEXT NOT NULL, kind TEXT NOT NULL, identity TEXT NOT NULL COLLATE NOCASE,
                name TEXT NOT NULL, document TEXT NOT NULL,
                PRIMARY KEY (account, kind, identity, name)
            ) WITHOUT ROWID;
            CREATE TABLE attachment (
                account TEXT NOT NULL, kind TEXT NOT NULL, identity TEXT NOT NULL COLLATE NOCASE, policy TEXT NOT NULL,
                PRIMARY KEY (account, kind, identity, policy)
            ) WITHOUT ROWID;
            CREATE INDEX attachment_policy ON attachment (account, policy);

            CREATE TABLE policy (
                account TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE, path TEXT NOT NULL,
                unique_id TEXT NOT NULL, description TEXT, created INTEGER NOT NULL, updated INTEGER NOT NULL,
                default_version INTEGER NOT NULL, last_version INTEGER NOT NULL, tags TEXT NOT NULL,
                PRIMARY KEY (account, name)
            ) WITHOUT ROWID;
            CREATE TABLE policy_version (
                account TEXT NOT NULL, policy TEXT NOT NULL COLLATE NOCASE, version INTEGER NOT NULL,
                document TEXT NOT NULL, created INTEGER NOT NULL,
                PRIMARY KEY (account, policy, version)
            ) WITHOUT ROWID;

            CREATE TABLE access_key (
                id TEXT PRIMARY KEY, account TEXT NOT NULL,
                -- NULL: of the account's root.
                user TEXT COLLATE NOCASE,
                secret BLOB NOT NULL, status TEXT NOT NULL, created INTEGER NOT NULL,
                last_used INTEGER, last_region TEXT, last_service TEXT
            ) WITHOUT ROWID;
            CREATE INDEX access_key_user ON access_key (account, user);

            CREATE TABLE instance_profile (
                account TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE, path TEXT NOT NULL,
                unique_id TEXT NOT NULL, created INTEGER NOT NULL, role TEXT COLLATE NOCASE, tags TEXT NOT NULL,
                PRIMARY KEY (account, name)
            ) WITHOUT ROWID;
            CREATE TABLE oidc_provider (
                account TEXT NOT NULL, host TEXT NOT NULL, client_ids TEXT NOT NULL, thumbprints TEXT NOT NULL,
                created INTEGER NOT NULL, tags TEXT NOT NULL,
                PRIMARY KEY (account, host)
            ) WITHOUT ROWID;
            """),
        Migration(
            2,
            """
            -- What tells a user's use of a device is NULL while it is nobody's.
            CREATE TABLE mfa_device (
                account TEXT NOT NULL, serial TEXT NOT NULL, seed BLOB NOT NULL, tags TEXT NOT NULL,
                user TEXT COLLATE NOCASE, enabled INTEGER, drift INTEGER, last_step INTEGER,
                failures INTEGER, rests INTEGER,
                PRIMARY KEY (account, serial)
            ) WITHOUT ROWID;
            CREATE INDEX mfa_device_user ON mfa_device (account, user);
            """),
        Migration(
            3,
            """
            -- For what the last code was taken: who asks for the same once more, having lost the answer, is given it again.
            -- Devices whose `user` is the empty text are those of the account's root.
            ALTER TABLE mfa_device ADD COLUMN taken_for TEXT;
            """),
    ]
}
