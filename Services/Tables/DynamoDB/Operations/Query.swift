import ServiceKit

/// Reads the items of one partition of a table or an index, in the order of the sort key.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html)
struct Query: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let selection: ReadSelection
        let limit: Int?
        let scanIndexForward: Bool
        let exclusiveStartKey: AttributeMap?
        let keyConditionExpression: String?
        let filterExpression: String?
        let attributes: ExpressionAttributes
        let keyConditions: [(name: String, test: LegacyTest)]?
        let queryFilter: LegacyFilter
        let capacity: CapacityReport
        /// As it came.
        let request: JSONValue

        init(_ member: Members) throws {
            request = member.object
            try ExpressionForms.query.check(member)
            table = try member("TableName")
            selection = try ReadSelection(member)
            limit = try member("Limit")
            scanIndexForward = try member("ScanIndexForward") ?? true
            queryFilter = try RequestCheck.read { try LegacyFilter(member, parameter: "QueryFilter") }
            exclusiveStartKey = try RequestCheck.read { try StartKey.read(member) }
            keyConditionExpression = try member("KeyConditionExpression")
            let keyConditions: JSONValue? = try member("KeyConditions")
            guard keyConditions != nil || keyConditionExpression != nil else {
                throw ServiceError.validation(
                    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
            }
            filterExpression = try member("FilterExpression")
            attributes = try RequestCheck.read { try ExpressionAttributes(member, tellsKeys: false) }
            self.keyConditions = try RequestCheck.read {
                try keyConditions?.members.map { ($0.name, try LegacyTest(json: $0.value)) }
            }
            capacity = try CapacityReport(member)
        }
    }

    typealias Output = PageOutput

    /// The request's conditions, whichever way they were written.
    private struct Compiled {
        var key: KeyCondition
        var filter: Condition?
        var projection: Projection?
    }

    let tables: TableStore

    /// A few items are read as quickly as one.
    func isBrief(_ body: [UInt8]) -> Bool { PageHint.limit(in: body).map { $0 <= PageHint.briefLimit } ?? false }

    func permissions(for input: Input, in call: Call) -> [Permission] {
        var access = ItemAccess(input.table)
        access.index = input.selection.indexName
        access.select = input.selection.select ?? "ALL_ATTRIBUTES"
        if call.caller.kind != .root, let compiled = try? compile(input) {
            access.leadingKeys = leadingKeys(of: compiled.key, input, in: call)
            if let projection = compiled.projection {
                access.select = input.selection.select ?? "SPECIFIC_ATTRIBUTES"
                access.attributes = Set(projection.paths.map(\.root))
            }
            access.attributes.formUnion(compiled.key.tests.keys)
            access.attributes.formUnion(compiled.filter?.attributeNames ?? [])
        }
        return [access.permission(tables, in: call)]
    }

    private func leadingKeys(of key: KeyCondition, _ input: Input, in call: Call) -> [AttributeValue] {
        guard let table = tables.catalog.table(input.table.identity(in: call)) else { return [] }
        let schema = input.selection.indexName.map { table.index(named: $0)?.schema } ?? table.schema
        guard let schema, case .comparison(.equal, let value)? = key.tests[schema.partition.name] else { return [] }
        return [value]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let lookup = PageLookup(.query, input.request, of: input.table, input.selection, in: tables, call)
        if let page = try lookup?.page() { return page }
        try RequestCheck.run { try input.selection.validate() }
        let compiled = try compile(input)
        let table = try tables.table(input.table, in: call)
        let reader = try reader(of: table, compiled, input)
        try tables.meter.admit(.read, table, reader.index, at: call.now)
        var page = try await tables.read { try reader.page(of: $0) }
        if isOneItem(reader.table, reader.index) { page.lastKey = nil }
        let units = page.units(isConsistent: input.selection.isConsistent)
        tables.meter.charge(read: units, table, reader.index, at: call.now)
        let output = PageOutput(page, of: reader, isConsistent: input.selection.isConsistent, input.capacity)
        return lookup?.keep(output, units: units, index: reader.index) ?? output
    }

    private func reader(of table: TableDefinition, _ compiled: Compiled, _ input: Input) throws -> PageReader {
        let index = try input.selection.index(of: table)
        let schema = index?.schema ?? table.schema
        // The key's own shape is looked at before the condition, its place after it.
        try input.exclusiveStartKey.map { try StartKey.check($0, of: table, by: index, compiled.key) }
        let bounds = try QueryBounds(compiled.key, schema)
        var range = bounds.range
        if let start = input.exclusiveStartKey {
            let position = try StartKey.encode(start, of: table, by: index)
            try bounds.check(start: start, schema)
            if isOneItem(table, index) { throw ServiceError.pointlessStart(start) }
            range.resume(after: position, forward: input.scanIndexForward)
        }
        try table.refusePathsIntoKeys(compiled.projection?.paths ?? [])
        try checkFilter(compiled.filter, schema, input)
        let visibleNames = try input.selection.visibleNames(of: index, in: table, compiled.projection)
        try table.refusePathsIntoKeys(compiled.filter?.paths ?? [])
        return PageReader(
            table: table, index: index, range: range, forward: input.scanIndexForward, limit: input.limit,
            filter: compiled.filter,
            visibleNames: visibleNames,
            projection: compiled.projection, countsOnly: input.selection.countsOnly)
    }

    /// Without a sort key a table has nothing after the item of a partition.
    private func isOneItem(_ table: TableDefinition, _ index: SecondaryIndex?) -> Bool {
        index == nil && table.schema.sort == nil
    }

    /// What the key condition decides cannot be filtered once more.
    private func checkFilter(_ filter: Condition?, _ schema: KeySchema, _ input: Input) throws(ServiceError) {
        let names = filter?.attributeNames ?? []
        for name in schema.names where names.contains(name) {
            let parameter = input.filterExpression == nil ? "QueryFilter" : "Filter Expression"
            throw .validation(
                "\(parameter) can only contain non-primary key attributes: Primary key attribute: \(name)")
        }
    }

    // MARK: Compiling

    private func compile(_ input: Input) throws(ServiceError) -> Compiled {
        var compiler = try ExpressionCompiler(input.attributes, tables.expressions)
        let legacyProjection = try input.selection.projection.legacyProjection()
        let condition = try compiler.condition(input.keyConditionExpression, .keyCondition)
        let filter = try compiler.condition(input.filterExpression, .filter)
        let projection = try compiler.projection(input.selection.projection.expression)
        try compiler.finish(.filter, .keyCondition)
        let legacyFilter = try input.queryFilter.filter()
        return Compiled(
            key: try keyCondition(condition, input), filter: filter ?? legacyFilter,
            projection: projection ?? legacyProjection)
    }

    private func keyCondition(_ condition: Condition?, _ input: Input) throws(ServiceError) -> KeyCondition {
        if let condition { return try KeyCondition(condition) }
        var key = KeyCondition()
        for (name, test) in input.keyConditions ?? [] { try key.add(test.keyTest, on: Text(name)) }
        return key
    }
}

extension ServiceError {
    fileprivate static func pointlessStart(_ key: AttributeMap) -> ServiceError {
        let parts = key.entries.map { "\($0.name)=AttributeValue: {\($0.value.shown)}" }
        return .validation(
            "The provided exclusive start key is invalid: ExclusiveStartKey: {\(parts.joined(separator: ", "))}")
    }
}
