import ServiceKit

enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            CREATE TABLE apis (
                id TEXT PRIMARY KEY, region TEXT NOT NULL, account TEXT NOT NULL, root TEXT NOT NULL,
                members BLOB NOT NULL, created INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE resources (
                api TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE, id TEXT NOT NULL, parent TEXT,
                part TEXT NOT NULL, path TEXT NOT NULL, methods BLOB NOT NULL, PRIMARY KEY (api, id),
                FOREIGN KEY (api, parent) REFERENCES resources (api, id) ON DELETE CASCADE
            ) WITHOUT ROWID;
            CREATE UNIQUE INDEX resources_by_path ON resources (api, path);
            CREATE INDEX resources_by_parent ON resources (api, parent);
            CREATE TABLE authorizers (
                api TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE, id TEXT NOT NULL, members BLOB NOT NULL,
                PRIMARY KEY (api, id)
            ) WITHOUT ROWID;
            CREATE TABLE deployments (
                api TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE, id TEXT NOT NULL, description TEXT,
                created INTEGER NOT NULL, snapshot BLOB NOT NULL, PRIMARY KEY (api, id)
            ) WITHOUT ROWID;
            CREATE TABLE stages (
                api TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE, name TEXT NOT NULL,
                deployment TEXT NOT NULL, members BLOB NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
                PRIMARY KEY (api, name), FOREIGN KEY (api, deployment) REFERENCES deployments (api, id)
            ) WITHOUT ROWID;
            """),
        Migration(
            2,
            """
            CREATE TABLE api_keys (
                id TEXT PRIMARY KEY, region TEXT NOT NULL, account TEXT NOT NULL, value TEXT NOT NULL,
                members BLOB NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
                UNIQUE (region, account, value)
            ) WITHOUT ROWID;
            CREATE TABLE usage_plans (
                id TEXT PRIMARY KEY, region TEXT NOT NULL, account TEXT NOT NULL, members BLOB NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE usage_plan_keys (
                plan TEXT NOT NULL REFERENCES usage_plans (id) ON DELETE CASCADE,
                key TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE, joined INTEGER NOT NULL,
                PRIMARY KEY (plan, key)
            ) WITHOUT ROWID;
            CREATE INDEX usage_plans_by_key ON usage_plan_keys (key);
            CREATE TABLE usage_counts (
                plan TEXT NOT NULL REFERENCES usage_plans (id) ON DELETE CASCADE,
                key TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE, day INTEGER NOT NULL,
                used INTEGER NOT NULL, PRIMARY KEY (plan, key, day)
            ) WITHOUT ROWID;
            """),
    ]
}
