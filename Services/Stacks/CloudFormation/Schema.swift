import ServiceKit

/// The tables of `stacks.db`; append-only. What is in the blobs is sealed: templates and parameters hold secrets.
enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            CREATE TABLE stack (
                id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                status TEXT NOT NULL, created INTEGER NOT NULL, deleted INTEGER, is_busy INTEGER NOT NULL,
                sealed BLOB NOT NULL
            ) WITHOUT ROWID;
            -- One stack of a name at a time; those that were deleted stay for a while.
            CREATE UNIQUE INDEX stack_name ON stack (account, region, name) WHERE deleted IS NULL;
            CREATE INDEX stack_time ON stack (account, region, created DESC, id);
            CREATE INDEX stack_busy ON stack (id) WHERE is_busy = 1;
            CREATE INDEX stack_deleted ON stack (deleted) WHERE deleted IS NOT NULL;

            CREATE TABLE stack_resource (
                stack TEXT NOT NULL, logical TEXT NOT NULL, position INTEGER NOT NULL, physical TEXT,
                sealed BLOB NOT NULL, PRIMARY KEY (stack, logical)
            ) WITHOUT ROWID;
            CREATE INDEX stack_resource_physical ON stack_resource (physical);

            CREATE TABLE stack_event (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT, stack TEXT NOT NULL, operation TEXT, sealed BLOB NOT NULL
            );
            CREATE INDEX stack_event_stack ON stack_event (stack, sequence);
            CREATE INDEX stack_event_operation ON stack_event (operation, sequence);

            CREATE TABLE change_set (
                id TEXT PRIMARY KEY, stack TEXT NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
                sealed BLOB NOT NULL
            ) WITHOUT ROWID;
            CREATE UNIQUE INDEX change_set_name ON change_set (stack, name);

            CREATE TABLE export (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, stack TEXT NOT NULL,
                value TEXT NOT NULL, PRIMARY KEY (account, region, name)
            ) WITHOUT ROWID;
            CREATE INDEX export_stack ON export (stack);
            CREATE TABLE import (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, stack TEXT NOT NULL,
                PRIMARY KEY (account, region, name, stack)
            ) WITHOUT ROWID;
            CREATE INDEX import_stack ON import (stack);
            """)
    ]
}
