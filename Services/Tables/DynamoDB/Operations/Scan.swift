import ServiceKit

/// Reads all items of a table or an index, or of one of its segments.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html)
struct Scan: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let selection: ReadSelection
        let limit: Int?
        let exclusiveStartKey: AttributeMap?
        let segment: Int?
        let totalSegments: Int?
        let filterExpression: String?
        let attributes: ExpressionAttributes
        let scanFilter: LegacyFilter
        let capacity: CapacityReport
        /// As it came.
        let request: JSONValue

        init(_ member: Members) throws {
            request = member.object
            try ExpressionForms.scan.check(member)
            table = try member("TableName")
            selection = try ReadSelection(member)
            limit = try member("Limit")
            scanFilter = try LegacyFilter(member, parameter: "ScanFilter")
            exclusiveStartKey = try StartKey.read(member)
            segment = try member("Segment")
            totalSegments = try member("TotalSegments")
            filterExpression = try member("FilterExpression")
            attributes = try ExpressionAttributes(member)
            capacity = try CapacityReport(member)
        }
    }

    typealias Output = PageOutput

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        var access = ItemAccess(input.table)
        access.index = input.selection.indexName
        access.select = input.selection.select ?? "ALL_ATTRIBUTES"
        if call.caller.kind != .root, let (filter, projection) = try? compile(input) {
            if let projection {
                access.select = input.selection.select ?? "SPECIFIC_ATTRIBUTES"
                access.attributes = Set(projection.paths.map(\.root))
            }
            access.attributes.formUnion(filter?.attributeNames ?? [])
        }
        return [access.permission(tables, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let lookup = PageLookup(.scan, input.request, of: input.table, input.selection, in: tables, call)
        if let page = try lookup?.page() { return page }
        try input.selection.validate()
        try validateSegment(input)
        let (filter, projection) = try compile(input)
        let table = try tables.table(input.table, in: call)
        let index = try input.selection.index(of: table)
        if let index, let start = input.exclusiveStartKey { try StartKey.check(start, of: table, by: index) }
        let visibleNames = try input.selection.visibleNames(of: index, in: table, projection)
        let range = try self.range(of: table, by: index, input)
        try table.refusePathsIntoKeys((projection?.paths ?? []) + (filter?.paths ?? []))
        let reader = PageReader(
            table: table, index: index, range: range, forward: true,
            limit: input.limit, filter: filter,
            visibleNames: visibleNames, projection: projection,
            countsOnly: input.selection.countsOnly)
        try tables.meter.admit(.read, table, reader.index, at: call.now)
        let page = try await tables.read { try reader.page(of: $0) }
        let units = page.units(isConsistent: input.selection.isConsistent)
        tables.meter.charge(read: units, table, reader.index, at: call.now)
        let output = PageOutput(page, of: reader, isConsistent: input.selection.isConsistent, input.capacity)
        return lookup?.keep(output, units: units, index: reader.index) ?? output
    }

    private func range(
        of table: TableDefinition, by index: SecondaryIndex?, _ input: Input
    ) throws(ServiceError) -> KeyRange {
        let segment = KeyRange(segment: input.segment ?? 0, of: input.totalSegments ?? 1)
        guard let start = input.exclusiveStartKey else { return segment }
        let position = try StartKey.encode(start, of: table, by: index)
        guard segment.contains(position) else {
            throw .validation(
                "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with "
                    + "correct Segment. TotalSegments: \(input.totalSegments ?? 1) Segment: \(input.segment ?? 0)")
        }
        var rest = segment
        rest.resume(after: position, forward: true)
        return rest
    }

    private func validateSegment(_ input: Input) throws(ServiceError) {
        switch (input.segment, input.totalSegments) {
        case (.some, nil):
            throw .validation(
                "The TotalSegments parameter is required but was not present in the request when Segment parameter "
                    + "is present")
        case (nil, .some):
            throw .validation(
                "The Segment parameter is required but was not present in the request when parameter TotalSegments "
                    + "is present")
        case (let segment?, let total?) where segment >= total:
            throw .validation(
                "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
                    + "Segment: \(segment) is not less than TotalSegments: \(total)")
        default: break
        }
    }

    private func compile(_ input: Input) throws(ServiceError) -> (Condition?, Projection?) {
        var compiler = try ExpressionCompiler(input.attributes, tables.expressions)
        let legacyProjection = try input.selection.projection.legacyProjection()
        let filter = try compiler.condition(input.filterExpression, .filter)
        let projection = try compiler.projection(input.selection.projection.expression)
        try compiler.finish(.filter)
        let legacyFilter = try input.scanFilter.filter()
        return (filter ?? legacyFilter, projection ?? legacyProjection)
    }
}
