import ServiceKit

/// The tables of `sqs.db`; append-only.
enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            CREATE TABLE queue (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                attributes TEXT NOT NULL,
                dead_letter_target TEXT,
                created INTEGER NOT NULL, modified INTEGER NOT NULL, purged INTEGER,
                -- Kept until its messages are gone and its name may be used again.
                deleted INTEGER
            );
            CREATE UNIQUE INDEX queue_name ON queue (account, region, name) WHERE deleted IS NULL;
            CREATE INDEX queue_dead_letter_target ON queue (dead_letter_target) WHERE dead_letter_target IS NOT NULL;
            CREATE INDEX queue_deleted ON queue (deleted) WHERE deleted IS NOT NULL;

            CREATE TABLE queue_tag (
                queue INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (queue, key)
            ) WITHOUT ROWID;

            -- What changes with every receipt stands apart from the content, which is written once.
            CREATE TABLE message (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                queue INTEGER NOT NULL,
                visible_at INTEGER NOT NULL,
                receipt INTEGER NOT NULL DEFAULT 0,
                receive_count INTEGER NOT NULL DEFAULT 0,
                first_received INTEGER,
                sent INTEGER NOT NULL,
                message_id TEXT NOT NULL,
                -- The group where it orders and locks: in FIFO queues.
                fifo_group TEXT,
                dead_letter_source TEXT
            );
            CREATE INDEX message_visible ON message (queue, visible_at, id);
            CREATE INDEX message_sent ON message (queue, sent);
            CREATE INDEX message_group ON message (queue, fifo_group, id) WHERE fifo_group IS NOT NULL;
            CREATE INDEX message_group_lock ON message (queue, fifo_group, visible_at)
                WHERE fifo_group IS NOT NULL AND receipt > 0;

            CREATE TABLE content (
                id INTEGER PRIMARY KEY,
                body TEXT NOT NULL, attributes TEXT, sender TEXT NOT NULL, trace_header TEXT,
                group_id TEXT, deduplication_id TEXT
            );

            -- Groups that hold messages: their first message, and when none of theirs is in flight or delayed.
            CREATE TABLE fifo_group (
                queue INTEGER NOT NULL, name TEXT NOT NULL, head INTEGER NOT NULL, free_at INTEGER NOT NULL,
                PRIMARY KEY (queue, name)
            ) WITHOUT ROWID;
            CREATE INDEX fifo_group_order ON fifo_group (queue, head, free_at);

            CREATE TABLE deduplication (
                queue INTEGER NOT NULL, scope TEXT NOT NULL, deduplication_id TEXT NOT NULL,
                message INTEGER NOT NULL, message_id TEXT NOT NULL, expires INTEGER NOT NULL,
                PRIMARY KEY (queue, scope, deduplication_id)
            ) WITHOUT ROWID;
            CREATE INDEX deduplication_expires ON deduplication (expires);

            CREATE TABLE receive_attempt (
                queue INTEGER NOT NULL, attempt TEXT NOT NULL, position INTEGER NOT NULL,
                message INTEGER NOT NULL, receipt INTEGER NOT NULL, visible_at INTEGER NOT NULL,
                expires INTEGER NOT NULL,
                PRIMARY KEY (queue, attempt, position)
            ) WITHOUT ROWID;
            CREATE INDEX receive_attempt_expires ON receive_attempt (expires);

            CREATE TABLE move_task (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                handle TEXT NOT NULL UNIQUE,
                source INTEGER NOT NULL, source_arn TEXT NOT NULL, destination_arn TEXT, per_second INTEGER,
                status TEXT NOT NULL, moved INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL,
                -- Only what was there at the start is moved, so that a loop of queues ends.
                last_message INTEGER NOT NULL,
                failure TEXT, started INTEGER NOT NULL
            );
            CREATE INDEX move_task_source ON move_task (source, id);
            CREATE INDEX move_task_running ON move_task (id) WHERE status = 'RUNNING';
            """)
    ]
}
