import ServiceKit

/// Reads up to a hundred items of any tables as they were at one moment.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html)
struct TransactGetItems: AWSOperation {
    struct Input: InputShape {
        struct Get: Sendable {
            let table: TableReference
            let key: AttributeMap
            let projectionExpression: String?
            let attributes: ExpressionAttributes

            init(_ json: JSONValue) throws {
                let get: JSONValue = try Members(json)("Get")
                let member = try Members(get)
                table = try member("TableName")
                key = try member("Key")
                projectionExpression = try member("ProjectionExpression")
                attributes = try ExpressionAttributes(member, takesValues: false)
            }
        }

        let gets: [Get]
        let capacity: CapacityReport

        init(_ member: Members) throws {
            let items: JSONValue = try member("TransactItems")
            gets = try items.elements.map { try Get($0) }
            capacity = try CapacityReport(member)
        }
    }

    struct Output: OutputShape {
        struct Response: OutputShape {
            let item: PreparedItem?

            func write(to json: inout JSONWriter) { json.member("Item", item) }
        }

        let responses: [Response]
        let consumedCapacity: [ConsumedCapacity]?

        func write(to json: inout JSONWriter) {
            json.member("ConsumedCapacity", consumedCapacity)
            json.member("Responses", responses)
        }
    }

    private struct Reading: Sendable {
        let table: TableDefinition
        let key: [UInt8]
        let projection: Projection?
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        input.gets.map { get in
            var access = ItemAccess(get.table)
            access.leadingKeys = tables.leadingKeys([get.key], of: get.table, in: call)
            if call.caller.kind != .root, let projection = try? projection(of: get) {
                access.attributes = Set(projection.paths.map(\.root))
            }
            return access.permission(tables, "dynamodb:GetItem", in: call)
        }
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let readings = try readings(of: input.gets, in: call)
        let meter = tables.meter
        for reading in readings { try meter.admit(.read, reading.table, at: call.now) }
        return try await tables.read { snapshot in
            var capacity = ConsumedCapacityList(input.capacity)
            let responses = try readings.map { reading in
                let found = try snapshot.withItem(reading.key, in: reading.table) { bytes in
                    (item: try PreparedItem(bytes, reading.projection), size: try ItemReader.size(bytes))
                }
                // A transaction prepares and commits: everything costs twice.
                let units = Capacity.readUnits(found?.size ?? 0, isConsistent: true) * 2
                meter.charge(read: units, reading.table, at: call.now)
                capacity.add(
                    ConsumedCapacity(input.capacity, table: reading.table, units: units, direction: .read))
                return Output.Response(item: found?.item)
            }
            return Output(responses: responses, consumedCapacity: capacity.ifWanted)
        }
    }

    private func projection(of get: Input.Get) throws(ServiceError) -> Projection? {
        var compiler = try ExpressionCompiler(get.attributes, tables.expressions)
        let projection = try compiler.projection(get.projectionExpression)
        try compiler.finish()
        return projection
    }

    private func readings(of gets: [Input.Get], in call: Call) throws -> [Reading] {
        let projections = try gets.map { try projection(of: $0) }
        var readings: [Reading] = []
        for (index, get) in gets.enumerated() {
            let table = try tables.table(get.table, in: call)
            do {
                try table.schema.validate(key: get.key)
            } catch {
                var reasons = [CancellationReason](repeating: .none, count: gets.count)
                reasons[index] = CancellationReason(code: "ValidationError", message: error.message, item: nil)
                throw ServiceError.transactionCanceled(reasons)
            }
            guard let key = table.schema.encode(get.key) else { throw ServiceError.keyMismatch }
            guard !readings.contains(where: { $0.table.id == table.id && $0.key == key }) else {
                throw ServiceError.validation(
                    "Transaction request cannot include multiple operations on one item")
            }
            readings.append(Reading(table: table, key: key, projection: projections[index]))
        }
        return readings
    }
}
