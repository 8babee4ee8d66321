import Storage

/// A way to lay items out in SQLite: they are found by key, and read in the order of their keys.
struct Layout: Sendable {
    let name: String
    let schema: String
    /// Puts `?1` key and `?2` value, and where `isPlaced`, with `?3`, the first place of the item's partition.
    let put: String
    let isPlaced: Bool
    let get: String
    /// A hundred items of the keys from `?1` and below `?2`.
    let query: String

    static let all = [withoutRowID, rowID, clustered]

    /// The row lies in the tree of the keys.
    static let withoutRowID = Layout(
        name: "without rowid",
        schema: "CREATE TABLE item (tree INTEGER, key BLOB, value BLOB, PRIMARY KEY (tree, key)) WITHOUT ROWID",
        put: "INSERT INTO item VALUES (1, ?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value", isPlaced: false,
        get: "SELECT value FROM item WHERE tree = 1 AND key = ?1",
        query: "SELECT key, value FROM item WHERE tree = 1 AND key >= ?1 AND key < ?2 ORDER BY key LIMIT 100")

    /// Rows in the order of their arrival, and a tree of keys.
    static let rowID = Layout(
        name: "rowid",
        schema: """
            CREATE TABLE item (id INTEGER PRIMARY KEY, tree INTEGER, key BLOB, value BLOB);
            CREATE UNIQUE INDEX item_key ON item (tree, key);
            """,
        put: """
            INSERT INTO item (tree, key, value) VALUES (1, ?1, ?2)
            ON CONFLICT (tree, key) DO UPDATE SET value = excluded.value
            """, isPlaced: false,
        get: withoutRowID.get, query: withoutRowID.query)

    /// As `rowID`, but a partition's rows lie together, in the order of their arrival: its hash is the rowid's beginning.
    static let clustered = Layout(
        name: "clustered rowid", schema: rowID.schema,
        put: """
            INSERT INTO item (id, tree, key, value) VALUES (
                coalesce((SELECT max(id) FROM item WHERE id >= ?3 AND id < ?3 + 2147483648), ?3 - 1) + 1, 1, ?1, ?2)
            ON CONFLICT (tree, key) DO UPDATE SET value = excluded.value
            """, isPlaced: true,
        get: withoutRowID.get, query: withoutRowID.query)
}
