import ServiceKit
import Synchronization

/// All tables, in memory: what a request needs to know of its table costs no read.
///
/// Changed only after the commit that changed the catalogue on disk. A writer still asks its transaction for the
/// current definition, as its own may be older than the commit before it.
final class Catalog: Sendable {
    private let tables = Mutex<[TableIdentity: SharedTable]>([:])

    func table(_ identity: TableIdentity) -> TableDefinition? { shared(identity)?.definition }

    func shared(_ identity: TableIdentity) -> SharedTable? { tables.withLock { $0[identity] } }

    var all: [TableDefinition] { tables.withLock { $0.values.map(\.definition) } }

    /// Replicas of global tables.
    var replicas: [TableDefinition] { all.filter { $0.replication != nil } }

    /// Names in their order.
    func names(account: String, region: String) -> [String] {
        tables.withLock { tables in
            tables.keys.filter { $0.account == account && $0.region == region }.map(\.name)
        }.sorted { Text($0) < Text($1) }
    }

    func keep(_ table: TableDefinition) {
        tables.withLock { tables in
            // Of two commits in one batch the later one is told last, but a loader may come in between.
            if let known = tables[table.identity]?.definition, known.id == table.id, known.version > table.version {
                return
            }
            tables[table.identity] = SharedTable(table)
        }
    }

    func drop(_ table: TableDefinition) {
        tables.withLock { tables in
            if tables[table.identity]?.definition.id == table.id { tables[table.identity] = nil }
        }
    }
}
