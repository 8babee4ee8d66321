import ServiceKit

/// By how much the items and bytes of tables and indexes change in one commit.
final class TreeCounts: CommitSummary {
    /// Few trees are written in one commit: they are searched one by one.
    private var changes: [(tree: Int64, items: Int, bytes: Int)] = []

    func add(_ tree: Int64, items: Int, bytes: Int) {
        if let index = changes.firstIndex(where: { $0.tree == tree }) {
            changes[index].items += items
            changes[index].bytes += bytes
        } else {
            changes.append((tree, items, bytes))
        }
    }

    func add(_ other: TreeCounts) {
        for change in other.changes { add(change.tree, items: change.items, bytes: change.bytes) }
    }

    /// A tree dropped meanwhile has no row, and needs none.
    func store(in transaction: Transaction) throws {
        for change in changes where change.items != 0 || change.bytes != 0 {
            try transaction.addStatistics(of: change.tree, items: change.items, bytes: change.bytes)
        }
    }
}
