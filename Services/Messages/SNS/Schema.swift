import ServiceKit

/// The tables of `sns.db`; append-only.
enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            CREATE TABLE topic (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                attributes TEXT NOT NULL, created INTEGER NOT NULL,
                subscriptions_deleted INTEGER NOT NULL DEFAULT 0,
                UNIQUE (account, region, name)
            );
            CREATE TABLE topic_tag (
                topic INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (topic, key)
            ) WITHOUT ROWID;

            CREATE TABLE subscription (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                topic INTEGER NOT NULL, suffix TEXT NOT NULL UNIQUE,
                owner TEXT NOT NULL, principal TEXT NOT NULL,
                transport TEXT NOT NULL, endpoint TEXT NOT NULL,
                attributes TEXT NOT NULL,
                is_pending INTEGER NOT NULL, token TEXT, token_expires INTEGER, was_authenticated INTEGER NOT NULL,
                origin TEXT NOT NULL, created INTEGER NOT NULL,
                UNIQUE (topic, transport, endpoint)
            );
            CREATE INDEX subscription_token ON subscription (token) WHERE token IS NOT NULL;
            CREATE INDEX subscription_owner ON subscription (owner, id);

            CREATE TABLE message (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                topic INTEGER NOT NULL, message_id TEXT NOT NULL,
                body TEXT NOT NULL, has_structure INTEGER NOT NULL, subject TEXT, attributes TEXT,
                group_id TEXT, deduplication_id TEXT, published INTEGER NOT NULL,
                -- How many deliveries are left; the message goes with the last.
                deliveries INTEGER NOT NULL
            );
            CREATE TABLE deduplication (
                topic INTEGER NOT NULL, scope TEXT NOT NULL, deduplication_id TEXT NOT NULL,
                message INTEGER NOT NULL, message_id TEXT NOT NULL, expires INTEGER NOT NULL,
                PRIMARY KEY (topic, scope, deduplication_id)
            ) WITHOUT ROWID;
            CREATE INDEX deduplication_expires ON deduplication (expires);

            -- What is still to be delivered. Without a message it is the request to confirm a subscription.
            CREATE TABLE delivery (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                subscription INTEGER NOT NULL, message INTEGER, token TEXT,
                due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
                -- Deliveries of one lane keep their order.
                lane TEXT,
                -- Set once the endpoint is given up and the message is on its way to the dead-letter queue.
                is_dead INTEGER NOT NULL DEFAULT 0
            );
            CREATE INDEX delivery_due ON delivery (due, id);
            CREATE INDEX delivery_lane ON delivery (lane, id) WHERE lane IS NOT NULL;
            CREATE INDEX delivery_subscription ON delivery (subscription);

            CREATE TABLE signing_key (
                id INTEGER PRIMARY KEY CHECK (id = 1), sealed BLOB NOT NULL, certificate TEXT NOT NULL
            );
            """)
    ]
}
