import ServiceKit

/// The tables that targets, their policies and schedules, and what was done lie in.
enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            -- Targets, and by name the policies and scheduled actions of each.
            CREATE TABLE scaling_part (
                account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, resource TEXT NOT NULL,
                dimension TEXT NOT NULL, name TEXT NOT NULL, definition BLOB NOT NULL,
                PRIMARY KEY (account, region, kind, resource, dimension, name)
            ) WITHOUT ROWID;

            -- What was done, and tried, in the last six weeks.
            CREATE TABLE scaling_activity (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL,
                resource TEXT NOT NULL, dimension TEXT NOT NULL, time INTEGER NOT NULL, scaled INTEGER NOT NULL,
                definition BLOB NOT NULL
            );
            CREATE INDEX scaling_activity_place ON scaling_activity (account, region);
            """, group: "scaling")
    ]
}
