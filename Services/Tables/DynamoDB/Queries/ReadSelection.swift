import JSON
import ServiceKit

/// What Query and Scan are asked to answer: `Select`, the projection, the index.
struct ReadSelection: Sendable {
    let indexName: String?
    let select: String?
    let projection: ProjectionParameters
    let isConsistent: Bool

    init(_ member: Members) throws {
        indexName = try member("IndexName")
        select = try member("Select")
        projection = try ProjectionParameters(member)
        isConsistent = try member("ConsistentRead") ?? false
    }

    /// An index read for all it offers.
    init(indexName: String, isConsistent: Bool) {
        self.indexName = indexName
        self.isConsistent = isConsistent
        select = nil
        projection = ProjectionParameters()
    }

    var countsOnly: Bool { select == "COUNT" }

    /// The rules about parameters that need no table.
    func validate() throws(ServiceError) {
        let parameter =
            projection.expression != nil
            ? "ProjectionExpression"
            : projection.attributesToGet != nil ? "AttributesToGet" : nil
        switch (select, parameter) {
        case ("SPECIFIC_ATTRIBUTES", nil):
            throw .validation(
                "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
        case ("COUNT", let parameter?):
            throw .validation("Cannot specify the \(parameter) when choosing to get only the Count")
        case (let select?, let parameter?) where select != "SPECIFIC_ATTRIBUTES":
            throw .validation("Cannot specify the \(parameter) when choosing to get \(select)")
        case ("ALL_PROJECTED_ATTRIBUTES", _) where indexName == nil:
            throw .validation("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
        default: break
        }
    }

    /// - Throws: for an index that is unknown, or that does not take a consistent read.
    func index(of table: TableDefinition) throws(ServiceError) -> SecondaryIndex? {
        guard let indexName else { return nil }
        guard let index = table.index(named: indexName) else { throw .indexNotFound(indexName) }
        guard index.status == .active else {
            throw .validation("Cannot read from backfilling global secondary index: \(indexName)")
        }
        guard index.scope == .local || !isConsistent else {
            throw .validation("Consistent reads are not supported on global secondary indexes")
        }
        return index
    }

    /// The attributes items show: all for `nil`. A local index fetches from its table what it does not project.
    func visibleNames(
        of index: SecondaryIndex?, in table: TableDefinition, _ projection: Projection?
    ) throws(ServiceError) -> [Text]? {
        guard let index, let projected = index.projectedNames(in: table.schema) else { return nil }
        let hidden = projection?.paths.map(\.root).filter { !projected.contains($0) } ?? []
        if index.scope == .local {
            return select == "ALL_ATTRIBUTES" || !hidden.isEmpty ? nil : projected
        }
        guard select != "ALL_ATTRIBUTES" else {
            throw .invalidParameter(
                "Select type ALL_ATTRIBUTES is not supported for global secondary index \(index.name) "
                    + "because its projection type is not ALL")
        }
        guard hidden.isEmpty else {
            let names = hidden.map(\.string).joined(separator: ", ")
            throw .invalidParameter("Global secondary index \(index.name) does not project [\(names)]")
        }
        return projected
    }
}

/// `ExclusiveStartKey`
enum StartKey {
    /// - Throws: for values that are none.
    static func read(_ member: Members) throws -> AttributeMap? {
        guard let json: JSONValue = try member("ExclusiveStartKey") else { return nil }
        do { return try AttributeValueReader.map(json) } catch {
            guard error.kind == .malformed || error.kind == .forbidden else { throw error }
            throw ServiceError.validation("The provided starting key is invalid: \(error.serviceError.message)")
        }
    }

    /// What is told of a key that is of another shape; the table's own attributes come later.
    ///
    /// - Parameter condition: of a query, which must ask for the partition before the rest of the key counts.
    static func check(
        _ key: AttributeMap, of table: TableDefinition, by index: SecondaryIndex?, _ condition: KeyCondition? = nil
    ) throws(ServiceError) {
        let schema = index?.schema ?? table.schema
        guard key.count == Set(table.schema.names + schema.names).count else { throw invalid }
        for attribute in schema.attributes {
            guard let value = key[attribute.name] else { throw invalid }
            guard value.kind == attribute.kind else { throw .keyMismatch }
            guard attribute != schema.partition || condition?.tests[attribute.name] != nil || condition == nil else {
                throw QueryBounds.missing(attribute)
            }
        }
    }

    private static let invalid = ServiceError.validation("The provided starting key is invalid")

    /// The stored key to read on after.
    ///
    /// - Throws: for a key that does not have exactly the attributes of the table's and the index's keys.
    static func encode(
        _ key: AttributeMap, of table: TableDefinition, by index: SecondaryIndex?
    ) throws(ServiceError) -> [UInt8] {
        let names = Set(table.schema.names + (index?.schema.names ?? []))
        guard key.count == names.count else {
            throw .validation(
                index == nil
                    ? "The provided starting key is invalid: The provided key element does not match the schema"
                    : invalid.message)
        }
        guard let stored = table.schema.encode(key) else {
            throw .validation(
                "The provided starting key is invalid: The provided key element does not match the schema")
        }
        guard let index else { return stored }
        guard let entry = index.entryKey(for: key, stored: stored) else {
            throw invalid
        }
        return entry
    }
}
