import ServiceKit

/// Reads an item by its key.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html)
struct GetItem: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let key: AttributeMap
        let isConsistent: Bool
        let projection: ProjectionParameters
        let capacity: CapacityReport

        init(_ member: Members) throws {
            try ExpressionForms.get.check(member)
            table = try member("TableName")
            key = try RequestCheck.read { try member("Key") }
            isConsistent = try member("ConsistentRead") ?? false
            projection = try ProjectionParameters(member)
            capacity = try CapacityReport(member)
        }
    }

    struct Output: OutputShape {
        let item: PreparedItem?
        let consumedCapacity: ConsumedCapacity?

        func write(to json: inout JSONWriter) {
            json.member("Item", item)
            json.member("ConsumedCapacity", consumedCapacity)
        }
    }

    let tables: TableStore
    var isBrief: Bool { true }

    func permissions(for input: Input, in call: Call) -> [Permission] {
        var access = ItemAccess(input.table)
        if call.caller.kind != .root {
            access.leadingKeys = tables.leadingKeys([input.key], of: input.table, in: call)
            let projection = try? input.projection.compile(tables.expressions)
            access.attributes = Set(projection?.paths.map(\.root) ?? [])
            if projection != nil { access.attributes.formUnion(input.key.entries.map(\.name)) }
        }
        return [access.permission(tables, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let projection = try input.projection.compile(tables.expressions)
        let table = try tables.table(input.table, in: call)
        try table.schema.validate(key: input.key)
        try table.refusePathsIntoKeys(projection?.paths ?? [])
        guard let key = table.schema.encode(input.key) else { throw ServiceError.keyMismatch }
        try tables.meter.admit(.read, table, at: call.now)
        let found = try await tables.withItem(key, of: table, isConsistent: input.isConsistent, at: call.now) { bytes in
            (item: try PreparedItem(bytes, projection), size: try ItemReader.size(bytes))
        }
        let units = Capacity.readUnits(found?.size ?? 0, isConsistent: input.isConsistent)
        tables.meter.charge(read: units, table, at: call.now)
        let consumed = ConsumedCapacity(input.capacity, table: table, units: units)
        return Output(item: found?.item, consumedCapacity: consumed.ifWanted)
    }
}
