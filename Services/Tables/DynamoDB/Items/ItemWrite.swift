import ServiceKit

/// One write of one item, checked and compiled, to be performed in a transaction: alone, in a batch or with others.
struct ItemWrite: Sendable {
    enum Action: Sendable {
        /// With its values where an index needed them.
        case put(StoredItem, AttributeMap?)
        /// `nil` changes nothing but creates a missing item.
        case update(Update?)
        case delete
        /// Only the condition counts.
        case check
    }

    struct Outcome: Sendable {
        fileprivate let shared: SharedTable
        let old: StoredItem?
        let new: StoredItem?
        let indexUnits: ItemChange.IndexUnits
        /// As the request named it; `nil` for a put, whose item holds it.
        fileprivate let givenKey: AttributeMap?

        var table: TableDefinition { shared.definition }

        /// The key attributes.
        var key: AttributeMap {
            get throws { try givenKey ?? table.schema.key(of: new?.attributes() ?? AttributeMap()) }
        }

        /// Write units of the table, by the larger of the two items.
        var tableUnits: Double {
            get throws { max(Capacity.writeUnits(try old?.size()), Capacity.writeUnits(try new?.size()), 1) }
        }
    }

    let shared: SharedTable
    /// The key attributes; `nil` for a put, whose item holds them.
    private let givenKey: AttributeMap?
    /// The bytes the item is stored under.
    let storedKey: [UInt8]
    let action: Action
    let condition: Condition?
    /// `ReturnValuesOnConditionCheckFailure` is `ALL_OLD`.
    var returnsOldOnFailure = false
    /// PartiQL's INSERT never replaces an item.
    var refusesExisting = false

    private init(
        _ action: Action, key: AttributeMap, of table: SharedTable, condition: Condition?
    ) throws(ServiceError) {
        guard let storedKey = table.definition.schema.encode(key) else { throw .keyMismatch }
        self.init(action, givenKey: key, storedKey, of: table, condition: condition)
    }

    private init(
        _ action: Action, givenKey: AttributeMap?, _ storedKey: [UInt8], of table: SharedTable,
        condition: Condition?
    ) {
        shared = table
        self.givenKey = givenKey
        self.storedKey = storedKey
        self.action = action
        self.condition = condition
    }

    // MARK: Making

    /// - Parameters:
    ///   - item: of a size that was checked.
    ///   - isOfBatch: AWS refuses keys in a batch in the same words whether items are put or deleted.
    static func put(
        _ item: StoredItem, in table: SharedTable, if condition: Condition? = nil, isOfBatch: Bool = false
    ) throws(ServiceError) -> ItemWrite {
        guard !item.hasEmptyName else { throw .emptyAttributeName }
        let definition = table.definition
        guard let storedKey = definition.schema.encode(item) else {
            let attributes = item.ownAttributes
            if isOfBatch { try definition.schema.validate(key: definition.schema.key(of: attributes)) }
            try definition.schema.validate(item: attributes)
            throw .keyMismatch
        }
        let attributes = definition.indexes.isEmpty ? nil : item.ownAttributes
        if let attributes { try definition.validateIndexKeys(of: attributes) }
        return ItemWrite(.put(item, attributes), givenKey: nil, storedKey, of: table, condition: condition)
    }

    static func update(
        _ key: AttributeMap, with update: Update?, in table: SharedTable, if condition: Condition? = nil
    ) throws(ServiceError) -> ItemWrite {
        try table.definition.schema.validate(key: key)
        for path in update?.paths ?? [] where table.definition.schema.contains(path.root) {
            throw .invalidParameter("Cannot update attribute \(path.root). This attribute is part of the key")
        }
        if let update {
            try table.definition.validateIndexKeys(of: update)
            try table.definition.refusePathsIntoKeys(update.allPaths)
        }
        return try ItemWrite(.update(update), key: key, of: table, condition: condition)
    }

    static func delete(
        _ key: AttributeMap, from table: SharedTable, if condition: Condition? = nil
    ) throws(ServiceError) -> ItemWrite {
        try table.definition.schema.validate(key: key)
        return try ItemWrite(.delete, key: key, of: table, condition: condition)
    }

    static func check(
        _ key: AttributeMap, in table: SharedTable, if condition: Condition?
    ) throws(ServiceError) -> ItemWrite {
        try table.definition.schema.validate(key: key)
        return try ItemWrite(.check, key: key, of: table, condition: condition)
    }

    var table: TableDefinition { shared.definition }

    // MARK: Performing

    /// - Throws: `ConditionalCheckFailedException`, or a validation error that only the item itself could show.
    func perform(in transaction: Transaction, at now: Timestamp) throws -> Outcome {
        // Indexes may have come since the request was checked.
        try perform(on: transaction.current(shared), in: transaction, at: now)
    }

    /// - Parameter table: as it is now.
    func perform(on table: SharedTable, in transaction: Transaction, at now: Timestamp) throws -> Outcome {
        let old = try transaction.item(storedKey, in: table.definition).map { ItemVersion($0) }
        guard old == nil || !refusesExisting else { throw ServiceError.duplicateItem }
        if let condition, try !condition.isTrue(for: old?.attributes() ?? AttributeMap()) {
            throw ServiceError.conditionalCheckFailed(returnsOldOnFailure ? try old?.attributes() : nil)
        }
        let new = try newVersion(after: old, in: table.definition)
        guard case .check = action else {
            let change = ItemChange(shared: table, key: storedKey, old: old, new: new, time: now)
            let units = try change.apply(in: transaction)
            return outcome(in: table, old, new, units)
        }
        return outcome(in: table, old, old, [:])
    }

    private func outcome(
        in table: SharedTable, _ old: ItemVersion?, _ new: ItemVersion?, _ units: ItemChange.IndexUnits
    ) -> Outcome {
        Outcome(shared: table, old: old?.stored, new: new?.stored, indexUnits: units, givenKey: givenKey)
    }

    private func newVersion(after old: ItemVersion?, in table: TableDefinition) throws -> ItemVersion? {
        switch action {
        case .delete: return nil
        case .check: return old
        case .put(let item, let attributes):
            let version = ItemVersion(item, attributes)
            if table.version != shared.definition.version { try table.validateIndexKeys(of: version.attributes()) }
            return version
        case .update(let update): return try updated(old, with: update, in: table)
        }
    }

    private func updated(_ old: ItemVersion?, with update: Update?, in table: TableDefinition) throws -> ItemVersion? {
        // Of an item that is not there yet an update sees the key.
        let key = givenKey ?? AttributeMap()
        var item = try old?.attributes() ?? key
        if let update { item = try update.apply(to: item, isNew: old == nil) }
        // Taking something away from an item that does not exist does not create it; an empty update does.
        if old == nil, item == key, let update, !update.actions.isEmpty { return nil }
        guard item.size <= ItemLimits.itemSize else { throw ServiceError.updatedItemTooLarge }
        try checkNesting(of: item, update)
        try table.validateIndexKeys(of: item, after: update)
        return ItemVersion(item)
    }

    /// A value allowed by itself can come too deep where an update puts it.
    private func checkNesting(of item: AttributeMap, _ update: Update?) throws(ServiceError) {
        guard update?.paths.contains(where: { !$0.isTopLevel }) ?? false else { return }
        guard item.entries.allSatisfy({ $0.value.levels <= ItemLimits.nesting }) else {
            throw .nestedTooDeeply
        }
    }
}

extension AttributeValue {
    /// Values inside one another, itself included.
    fileprivate var levels: Int {
        switch self {
        case .list(let list): 1 + (list.map(\.levels).max() ?? 0)
        case .map(let map): 1 + (map.entries.map(\.value.levels).max() ?? 0)
        default: 1
        }
    }
}
