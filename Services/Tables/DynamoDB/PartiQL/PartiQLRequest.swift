import ServiceKit

/// One statement with its parameters, as all three operations take it.
struct PartiQLRequest: InputShape {
    let text: String
    let parameters: [AttributeValue]
    let isConsistent: Bool
    let returnsOldOnFailure: Bool

    init(_ member: Members) throws {
        text = try member("Statement")
        parameters = try member("Parameters") ?? []
        isConsistent = try member("ConsistentRead") ?? false
        let onFailure: String? = try member("ReturnValuesOnConditionCheckFailure")
        returnsOldOnFailure = onFailure == "ALL_OLD"
    }

    func parse() throws(ServiceError) -> PartiQLStatement { try PartiQLParser.parse(text, parameters) }

    /// What the statement and its parameters are, to know the same request by.
    var bytes: [UInt8] {
        var json = JSONWriter()
        json.array { json in
            json.string(text)
            for parameter in parameters { parameter.writeValue(to: &json) }
            json.bool(isConsistent)
        }
        return json.bytes
    }
}

extension PartiQLStatement {
    /// What running it needs.
    ///
    /// [IAM and PartiQL](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html)
    func permission(_ tables: TableStore, in call: Call) -> Permission {
        let reference = TableReference(table)
        var access = ItemAccess(reference)
        access.index = index
        let known = tables.catalog.table(reference.identity(in: call))
        guard call.caller.kind != .root else { return access.permission(tables, action, in: call) }
        access.attributes = attributeNames
        var context: [String: [String]] = [:]
        if let schema = known.flatMap({ table in index.map { table.index(named: $0)?.schema } ?? table.schema }) {
            let key = PartiQLKey(condition, schema)
            if case .insert(let insert) = self {
                access.leadingKeys = [insert.item[schema.partition.name]].compactMap { $0 }
            } else {
                access.leadingKeys = key.partitions ?? []
            }
            if isSelect { context["dynamodb:FullTableScan"] = [String(key.partitions == nil)] }
        }
        if case .select(let select) = self {
            access.select = select.columns == nil ? "ALL_ATTRIBUTES" : "SPECIFIC_ATTRIBUTES"
        }
        if case .update(let change) = self { access.returnValues = change.returning?.rawValue ?? "NONE" }
        var permission = access.permission(tables, action, in: call)
        permission.context.merge(context) { first, _ in first }
        return permission
    }

    private var action: String {
        switch self {
        case .select, .exists: "dynamodb:PartiQLSelect"
        case .insert: "dynamodb:PartiQLInsert"
        case .update: "dynamodb:PartiQLUpdate"
        case .delete: "dynamodb:PartiQLDelete"
        }
    }

    private var attributeNames: Set<Text> {
        var names = condition?.attributeNames ?? []
        switch self {
        case .select(let select), .exists(let select): names.formUnion(select.columns?.map(\.root) ?? [])
        case .insert(let insert): names.formUnion(insert.item.entries.map(\.name))
        case .update(let change): names.formUnion(change.update.paths.map(\.root))
        case .delete: break
        }
        return names
    }
}
