import ServiceKit

/// How the items of a SELECT are found: the stretches of a table or an index to read, and what of each item to answer.
struct SelectPlan: Sendable {
    let table: TableDefinition
    let index: SecondaryIndex?
    /// One for each partition asked for; for a scan one with everything.
    let legs: [KeyRange]
    let forward: Bool
    /// The whole WHERE clause, asked of every item read.
    let filter: Condition?
    /// The attributes an index offers; `nil` for whole items.
    let visibleNames: [Text]?
    /// `nil` for `*`.
    let columns: [DocumentPath]?
    let isConsistent: Bool

    init(_ select: PartiQLStatement.Select, of table: TableDefinition, isConsistent: Bool) throws(ServiceError) {
        self.table = table
        self.isConsistent = isConsistent
        let index = try Self.index(select.source.index, of: table, isConsistent)
        self.index = index
        filter = select.condition
        columns = select.columns
        visibleNames = try Self.visibleNames(of: index, in: table, select.columns)
        let schema = index?.schema ?? table.schema
        let key = PartiQLKey(select.condition, schema)
        try key.checkTypes(schema)
        forward = try Self.isForward(select, key, schema)
        legs = Self.legs(key, in: Self.isPartitionOrderDescending(select, schema))
    }

    private static func index(
        _ name: String?, of table: TableDefinition, _ isConsistent: Bool
    ) throws(ServiceError) -> SecondaryIndex? {
        guard let name else { return nil }
        guard table.index(named: name) != nil else { throw .namelessIndexNotFound }
        return try ReadSelection(indexName: name, isConsistent: isConsistent).index(of: table)
    }

    private static func visibleNames(
        of index: SecondaryIndex?, in table: TableDefinition, _ columns: [DocumentPath]?
    ) throws(ServiceError) -> [Text]? {
        guard let index else { return nil }
        let selection = ReadSelection(indexName: index.name, isConsistent: false)
        return try selection.visibleNames(of: index, in: table, columns.map { Projection($0) })
    }

    // MARK: Order

    private static func isForward(
        _ select: PartiQLStatement.Select, _ key: PartiQLKey, _ schema: KeySchema
    ) throws(ServiceError) -> Bool {
        guard !select.order.isEmpty else { return true }
        guard select.condition != nil else {
            throw .validation("Must have WHERE clause in the statement when using ORDER BY clause.")
        }
        guard let partitions = key.partitions else {
            throw .validation(
                "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.")
        }
        for order in select.order where !schema.contains(order.attribute) {
            throw .validation(
                "Variable reference \(order.attribute) in ORDER BY clause must be part of the primary key")
        }
        guard partitions.count == 1 || select.order.first?.attribute == schema.partition.name else {
            throw .validation(
                "Variable reference \(schema.partition.name) must come first in ORDER BY clause when the WHERE clause "
                    + "names several hash keys")
        }
        return !(select.order.first { $0.attribute == schema.sort?.name }?.isDescending ?? false)
    }

    /// `nil` where the statement does not order partitions.
    private static func isPartitionOrderDescending(
        _ select: PartiQLStatement.Select, _ schema: KeySchema
    ) -> Bool? {
        select.order.first { $0.attribute == schema.partition.name }?.isDescending
    }

    private static func legs(_ key: PartiQLKey, in isDescending: Bool?) -> [KeyRange] {
        guard var partitions = key.partitions else { return [KeyRange.everything] }
        if let isDescending {
            partitions.sort { left, right in
                let order = left.compare(to: right) ?? 0
                return isDescending ? order > 0 : order < 0
            }
        }
        return partitions.map { KeyRange(partition: KeyEncoder.partition($0), sort: key.sort) }
    }

    /// The statement reads all items of table or index.
    var isScan: Bool { legs == [KeyRange.everything] }
}

/// What a WHERE clause says of a key: the partitions it is bound to, and a test of the sort key.
struct PartiQLKey: Sendable, Equatable {
    /// `nil` where the partition key is not bound: everything must be read.
    private(set) var partitions: [AttributeValue]?
    private(set) var sort: KeyCondition.Test?

    init(_ condition: Condition?, _ schema: KeySchema) {
        // A key of several attributes is not looked for in a clause: all of the index is read, and filtered.
        guard let condition, !schema.isComposite else { return }
        for part in Self.conjuncts(of: condition) {
            if let values = Self.values(part, of: schema.partition.name) {
                partitions = partitions.map { known in known.filter { values.contains($0) } } ?? values
            } else if let name = schema.sort?.name, let test = Self.test(part, of: name) {
                // Any one test narrows what is read; the filter asks the others.
                if sort == nil || Self.isEquality(test) { sort = test }
            }
        }
    }

    /// The primary key of the one item the clause can mean; `nil` where it does not bind all of it.
    func item(_ schema: KeySchema) -> AttributeMap? {
        guard let partition = partitions?.first, partitions?.count == 1 else { return nil }
        var key = AttributeMap()
        key[schema.partition.name] = partition
        guard let attribute = schema.sort else { return key }
        guard case .comparison(.equal, let value)? = sort else { return nil }
        key[attribute.name] = value
        return key
    }

    func checkTypes(_ schema: KeySchema) throws(ServiceError) {
        let bound = (partitions ?? []).map { ($0, schema.partition) }
        let tested = (sort?.operands ?? []).compactMap { operand in schema.sort.map { (operand, $0) } }
        for (value, attribute) in bound + tested where value.kind != attribute.kind {
            throw .invalidParameter("Condition parameter type does not match schema type")
        }
    }

    private static func conjuncts(of condition: Condition) -> [Condition] {
        guard case .and(let left, let right) = condition else { return [condition] }
        return conjuncts(of: left) + conjuncts(of: right)
    }

    /// The values an attribute can have: by `=`, by IN, or by several of these with OR between them.
    private static func values(_ condition: Condition, of name: Text) -> [AttributeValue]? {
        switch condition {
        case .comparison(.equal, let left, let right):
            if isAttribute(left, name) { return right.literal.map { [$0] } }
            return isAttribute(right, name) ? left.literal.map { [$0] } : nil
        case .membership(let tested, let list) where isAttribute(tested, name):
            let literals = list.compactMap(\.literal)
            return literals.count == list.count ? unique(literals) : nil
        case .or(let left, let right):
            guard let first = values(left, of: name), let second = values(right, of: name) else { return nil }
            return unique(first + second)
        default: return nil
        }
    }

    private static func test(_ condition: Condition, of name: Text) -> KeyCondition.Test? {
        switch condition {
        case .comparison(let comparator, let left, let right) where comparator != .notEqual:
            if isAttribute(left, name) { return right.literal.map { .comparison(comparator, $0) } }
            return isAttribute(right, name) ? left.literal.map { .comparison(comparator.mirrored, $0) } : nil
        case .between(let tested, let lower, let upper) where isAttribute(tested, name):
            guard let low = lower.literal, let high = upper.literal else { return nil }
            return .between(low, high)
        case .beginsWith(let tested, let prefix) where isAttribute(tested, name):
            return prefix.literal.map { .beginsWith($0) }
        default: return nil
        }
    }

    private static func isAttribute(_ operand: Condition.Operand, _ name: Text) -> Bool {
        operand.path == DocumentPath(root: name)
    }

    private static func isEquality(_ test: KeyCondition.Test) -> Bool {
        if case .comparison(.equal, _) = test { true } else { false }
    }

    private static func unique(_ values: [AttributeValue]) -> [AttributeValue] {
        var seen: Set<AttributeValue> = []
        return values.filter { seen.insert($0).inserted }
    }
}

extension PartiQLStatement {
    /// The write a statement means.
    ///
    /// - Throws: for a WHERE clause that does not name one item by its whole key.
    func write(to table: TableDefinition) throws(ServiceError) -> ItemWrite {
        let shared = SharedTable(table)
        switch self {
        case .insert(let insert):
            let item = StoredItem(insert.item)
            try item.checkSize()
            var write = try ItemWrite.put(item, in: shared)
            write.refusesExisting = true
            return write
        case .update(let change):
            let condition = Condition.and(.exists(DocumentPath(root: table.schema.partition.name)), try clause())
            return try ItemWrite.update(try itemKey(table), with: change.update, in: shared, if: condition)
        case .delete:
            let key = try itemKey(table)
            // A missing item is no fault: nothing is deleted then.
            let condition = Condition.or(.notExists(DocumentPath(root: table.schema.partition.name)), try clause())
            return try ItemWrite.delete(key, from: shared, if: condition)
        case .exists, .select:
            return try ItemWrite.check(try itemKey(table), in: shared, if: try clause())
        }
    }

    /// The key of the one item a statement is about.
    func itemKey(_ table: TableDefinition) throws(ServiceError) -> AttributeMap {
        if case .insert(let insert) = self { return table.schema.key(of: insert.item) }
        guard let key = PartiQLKey(condition, table.schema).item(table.schema) else { throw .incompleteKey }
        return key
    }

    private func clause() throws(ServiceError) -> Condition {
        guard let condition else { throw .incompleteKey }
        return condition
    }
}
