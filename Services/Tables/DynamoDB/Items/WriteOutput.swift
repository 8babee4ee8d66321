import ServiceKit

/// What PutItem, UpdateItem and DeleteItem answer.
struct WriteOutput: OutputShape {
    var attributes: PreparedItem?
    var consumedCapacity: ConsumedCapacity?
    var itemCollectionMetrics: ItemCollectionMetrics?

    func write(to json: inout JSONWriter) {
        json.member("Attributes", attributes)
        json.member("ConsumedCapacity", consumedCapacity)
        json.member("ItemCollectionMetrics", itemCollectionMetrics)
    }
}

/// The members about what to answer that the three share.
struct WriteReport: Sendable {
    let returnValues: String?
    let capacity: CapacityReport
    let itemCollectionMetrics: String?
    let returnsOldOnFailure: Bool

    init(_ member: Members) throws {
        returnValues = try member("ReturnValues")
        capacity = try CapacityReport(member)
        itemCollectionMetrics = try member("ReturnItemCollectionMetrics")
        let onFailure: String? = try member("ReturnValuesOnConditionCheckFailure")
        returnsOldOnFailure = onFailure == "ALL_OLD"
    }

    /// - Throws: for what only UpdateItem can return.
    func requireOldOrNone() throws(ServiceError) {
        guard returnValues == nil || returnValues == "NONE" || returnValues == "ALL_OLD" else {
            throw .validation("ReturnValues can only be ALL_OLD or NONE")
        }
    }

    func output(of outcome: ItemWrite.Outcome, attributes: PreparedItem?) throws -> WriteOutput {
        var consumed = ConsumedCapacity(capacity, table: outcome.table, units: try outcome.tableUnits)
        consumed.add(outcome.indexUnits, of: outcome.table)
        return WriteOutput(
            attributes: attributes, consumedCapacity: consumed.ifWanted,
            itemCollectionMetrics: try ItemCollectionMetrics(
                itemCollectionMetrics, key: outcome.key, in: outcome.table))
    }

    /// The old item where `ReturnValues` asks for it.
    func oldItem(of outcome: ItemWrite.Outcome) throws -> PreparedItem? {
        returnValues == "ALL_OLD" ? try outcome.old.map { try PreparedItem($0) } : nil
    }
}

extension ItemWrite.Outcome {
    /// What `ReturnValues` asks for of an item and its update.
    func attributes(_ returnValues: String?, _ update: Update?) throws -> PreparedItem? {
        switch returnValues {
        case "ALL_OLD": return try old.map { try PreparedItem($0) }
        case "ALL_NEW": return try new.map { try PreparedItem($0) }
        case "UPDATED_OLD": return try Self.changed(old, update)
        case "UPDATED_NEW": return try Self.changed(new, update)
        default: return nil
        }
    }

    /// The parts of an item an update names; nothing at all rather than an empty map.
    private static func changed(_ item: StoredItem?, _ update: Update?) throws -> PreparedItem? {
        guard let item, let update else { return nil }
        let parts = Projection(update.paths).apply(to: try item.attributes())
        return parts.isEmpty ? nil : PreparedItem(parts)
    }
}

extension CapacityReport {
    init(_ member: Members) throws {
        let text: String? = try member("ReturnConsumedCapacity")
        self = text.flatMap(CapacityReport.init(rawValue:)) ?? .none
    }
}
