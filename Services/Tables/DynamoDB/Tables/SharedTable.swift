/// A table's definition that is passed on without being copied: requests hand it from step to step, item by item.
final class SharedTable: Sendable {
    let definition: TableDefinition

    init(_ definition: TableDefinition) { self.definition = definition }
}
