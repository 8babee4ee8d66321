import ServiceKit

/// The tables that clusters, groups and events lie in.
enum Schema {
    static let migrations = [
        Migration(
            1,
            """
            -- Clusters, parameter groups and subnet groups, by name.
            CREATE TABLE dax_resource (
                account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
                definition BLOB NOT NULL, PRIMARY KEY (account, region, kind, name)
            ) WITHOUT ROWID;

            -- What happened to them in the last two weeks.
            CREATE TABLE dax_event (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL,
                time INTEGER NOT NULL, type TEXT NOT NULL, source TEXT NOT NULL, message TEXT NOT NULL
            );
            """, group: "dax")
    ]
}
