/// A table's definition that is passed on without being copied: requests hand it from step to step, item by item.
final class SharedTable: Sendable {
    let definition: TableDefinition
    /// As text, which every request for the table is authorized with.
    let arn: String

    init(_ definition: TableDefinition) {
        self.definition = definition
        arn = definition.arn.description
    }
}
