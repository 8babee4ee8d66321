import AWSModel
import ServiceKit

/// Turns the key schemas and indexes of a request into ours, with AWS's rules and wordings.
struct KeySchemaReader {
    /// In the request's order.
    let attributes: [KeyAttribute]

    init(_ definitions: [AttributeDefinitionInput]) throws(ServiceError) {
        var attributes: [KeyAttribute] = []
        for definition in definitions {
            guard let kind = AttributeValue.Kind(rawValue: definition.type), kind.isScalarKey else {
                throw .invalidParameter("Invalid AttributeType: \(definition.type)")
            }
            let attribute = KeyAttribute(name: Text(definition.name), kind: kind)
            guard !attributes.contains(where: { $0.name == attribute.name }) else {
                throw .validation("Attribute Name is duplicated: \(definition.name)")
            }
            attributes.append(attribute)
        }
        self.attributes = attributes
    }

    /// These attributes and those a table has already, which may be given again with the same types.
    func attributes(besides known: [KeyAttribute]) throws(ServiceError) -> [KeyAttribute] {
        for attribute in attributes {
            guard known.allSatisfy({ $0.name != attribute.name || $0.kind == attribute.kind }) else {
                throw .invalidParameter(
                    "Attributes cannot be redefined. Please check that your attribute has the same type as "
                        + "previously defined.")
            }
        }
        return known + attributes.filter { !known.contains($0) }
    }

    /// The key of a table.
    func tableSchema(_ elements: [KeySchemaElementInput]) throws(ServiceError) -> KeySchema {
        guard elements.count <= 2 else {
            let list = elements.map { "KeySchemaElement(attributeName=\($0.name), keyType=\($0.type))" }
            let violation =
                "Value '[\(list.joined(separator: ", "))]' at 'keySchema' failed to satisfy constraint: "
                + "Member must have length less than or equal to 2"
            throw .validation(InputFault.validation([violation]).message)
        }
        guard elements.count <= attributes.count else {
            throw .validation("Invalid KeySchema: Some index key attribute have no definition")
        }
        return try schema(elements)
    }

    private func schema(_ elements: [KeySchemaElementInput]) throws(ServiceError) -> KeySchema {
        guard elements.count <= 2 else {
            throw .validation("Invalid KeySchema: Member must have length less than or equal to 2")
        }
        let keys = try elements.map { (element) throws(ServiceError) in try attribute(element.name, of: elements) }
        if keys.count == 2, keys[0].name == keys[1].name {
            throw .validation("Both the Hash Key and the Range Key element in the KeySchema have the same name")
        }
        guard elements.first?.type == "HASH", let partition = keys.first else {
            throw .validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
        }
        guard elements.count == 1 || elements[1].type == "RANGE" else {
            throw .validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
        }
        return KeySchema(partition: partition, sort: keys.count == 2 ? keys[1] : nil)
    }

    /// The key of a global index: up to four attributes in either part, those of the partition key first.
    private func compositeSchema(_ elements: [KeySchemaElementInput]) throws(ServiceError) -> KeySchema {
        let keys = try elements.map { (element) throws(ServiceError) in try attribute(element.name, of: elements) }
        guard Set(keys).count == keys.count else {
            throw .validation("Invalid KeySchema: Some KeySchemaElements have the same name")
        }
        let partitions = elements.prefix { $0.type == "HASH" }.count
        guard let partition = keys.first, partitions > 0 else {
            throw .validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
        }
        guard elements[partitions...].allSatisfy({ $0.type == "RANGE" }) else {
            throw .validation("Invalid KeySchema: All HASH key elements must precede all RANGE key elements")
        }
        for (type, count) in [("HASH", partitions), ("RANGE", keys.count - partitions)]
        where count > KeySchema.attributeLimit {
            throw .validation(
                "Invalid KeySchema: The number of \(type) key elements exceeds the limit of \(KeySchema.attributeLimit)"
            )
        }
        return KeySchema(
            partition: partition, others: Array(keys[1..<partitions]), sorts: Array(keys[partitions...]))
    }

    private func attribute(
        _ name: String, of elements: [KeySchemaElementInput]
    ) throws(ServiceError) -> KeyAttribute {
        if let attribute = attributes.first(where: { $0.name == Text(name) }) { return attribute }
        let keys = elements.map(\.name).joined(separator: ", ")
        let names = attributes.map(\.name.string).joined(separator: ", ")
        throw .invalidParameter(
            "Some index key attributes are not defined in AttributeDefinitions. "
                + "Keys: [\(keys)], AttributeDefinitions: [\(names)]")
    }

    func projection(_ input: ProjectionInput) throws(ServiceError) -> SecondaryIndex.Projection {
        let names = input.nonKeyAttributes
        switch input.type {
        case "INCLUDE":
            guard let names, !names.isEmpty else {
                throw .invalidParameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
            }
            guard Set(names).count == names.count else {
                throw .invalidParameter("Duplicate attribute names in NonKeyAttributes")
            }
            return .include(names.map { Text($0) })
        case let type?:
            guard names == nil else {
                throw .invalidParameter("ProjectionType is \(type), but NonKeyAttributes is specified")
            }
            return type == "ALL" ? .all : .keysOnly
        case nil: throw .invalidParameter("Unknown ProjectionType: null")
        }
    }

    /// - Parameter table: the key of its table, where that is known already.
    func index(
        _ input: IndexInput, scope: SecondaryIndex.Scope, of table: KeySchema? = nil, id: Int64,
        billing: TableDefinition.BillingMode
    ) throws(ServiceError) -> SecondaryIndex {
        guard TableIdentity.isValid(input.name) else {
            throw .validation(
                "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, "
                    + "and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'")
        }
        let schema = try schema(of: input, scope, table)
        let projection = try projection(input.projection)
        if scope == .global, billing == .payPerRequest, input.throughput != nil {
            throw .invalidParameter(
                "ProvisionedThroughput should not be specified for index: \(input.name) "
                    + "when BillingMode is PAY_PER_REQUEST")
        }
        if scope == .global, billing == .provisioned, input.throughput == nil {
            throw .invalidParameter("ProvisionedThroughput is not specified for index: \(input.name)")
        }
        return SecondaryIndex(
            id: id, name: input.name, scope: scope, schema: schema, projection: projection, status: .active,
            backfillPosition: nil, throughput: scope == .global ? input.throughput?.throughput : nil)
    }

    private func schema(
        of input: IndexInput, _ scope: SecondaryIndex.Scope, _ table: KeySchema?
    ) throws(ServiceError) -> KeySchema {
        guard scope == .local, let table else {
            let types = input.keySchema.map(\.type)
            return types.count > 2 || types == ["HASH", "HASH"]
                ? try compositeSchema(input.keySchema) : try schema(input.keySchema)
        }
        guard table.sort != nil else {
            throw .invalidParameter(
                "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")
        }
        let schema = try schema(input.keySchema)
        guard schema.sort != nil else {
            throw .invalidParameter("Index KeySchema does not have a range key for index: \(input.name)")
        }
        guard schema.partition.name == table.partition.name else {
            throw .invalidParameter(
                "Index KeySchema does not have the same leading hash key as table KeySchema for index: \(input.name). "
                    + "index hash key: \(schema.partition.name), table hash key: \(table.partition.name)")
        }
        return schema
    }

    /// The rules that hold among a table's key and its indexes.
    func check(_ indexes: [SecondaryIndex], with table: KeySchema) throws(ServiceError) {
        var names: Set<String> = []
        for index in indexes {
            guard names.insert(index.name).inserted else {
                throw .invalidParameter("Duplicate index name: \(index.name)")
            }
        }
        let locals = indexes.count { $0.scope == .local }
        guard locals <= 5 else {
            throw .invalidParameter("Number of LocalSecondaryIndexes exceeds per-table limit of 5")
        }
        guard indexes.count - locals <= 20 else {
            throw .invalidParameter("GlobalSecondaryIndex count exceeds the per-table limit of 20")
        }
        let used = Set(([table] + indexes.map(\.schema)).flatMap(\.names))
        guard used.count == attributes.count else {
            throw .invalidParameter(
                indexes.isEmpty
                    ? "Number of attributes in KeySchema does not exactly match number of attributes defined in "
                        + "AttributeDefinitions"
                    : "Some AttributeDefinitions are not used. AttributeDefinitions: "
                        + "[\(attributes.map(\.name.string).joined(separator: ", "))], keys used: "
                        + "[\(used.sorted().map(\.string).joined(separator: ", "))]")
        }
        try checkIncluded(indexes)
    }

    /// At most a hundred attributes are projected by name, over all indexes.
    private func checkIncluded(_ indexes: [SecondaryIndex]) throws(ServiceError) {
        let included = indexes.reduce(0) { count, index in
            if case .include(let names) = index.projection { count + names.count } else { count }
        }
        guard included <= 100 else {
            throw .invalidParameter("The number of projected attributes exceeds the limit of 100")
        }
    }
}
