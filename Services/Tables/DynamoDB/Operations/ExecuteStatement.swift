import ServiceKit

/// Runs one PartiQL statement: a page of a SELECT, or a write of one item.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html)
struct ExecuteStatement: AWSOperation {
    struct Input: InputShape {
        let request: PartiQLRequest
        let nextToken: String?
        let limit: Int?
        let capacity: CapacityReport

        init(_ member: Members) throws {
            request = try PartiQLRequest(member)
            nextToken = try member("NextToken")
            limit = try member("Limit")
            capacity = try CapacityReport(member)
        }
    }

    struct Output: OutputShape {
        var items: [PreparedItem] = []
        var nextToken: String?
        var lastKey: AttributeMap?
        var consumedCapacity: ConsumedCapacity?

        func write(to json: inout JSONWriter) {
            json.member("Items", items)
            json.member("NextToken", nextToken)
            json.member("LastEvaluatedKey", lastKey)
            json.member("ConsumedCapacity", consumedCapacity)
        }
    }

    let tables: TableStore
    let pages: PartiQLPages

    func permissions(for input: Input, in call: Call) throws -> [Permission] {
        [try input.request.parse().permission(tables, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let statement = try input.request.parse()
        let table = try tables.table(TableReference(statement.table), in: call)
        switch statement {
        case .select(let select): return try await read(select, of: table, input, at: call.now)
        case .exists: throw ServiceError.validation("EXISTS is only supported in ExecuteTransaction")
        case .insert, .update, .delete: return try await write(statement, to: table, input, in: call)
        }
    }

    private func read(
        _ select: PartiQLStatement.Select, of table: TableDefinition, _ input: Input, at now: Timestamp
    ) async throws -> Output {
        let plan = try SelectPlan(select, of: table, isConsistent: input.request.isConsistent)
        let start = try pages.position(input.nextToken, of: input.request.bytes)
        let reader = PartiQLPageReader(plan: plan, limit: input.limit)
        try tables.meter.admit(.read, table, plan.index, at: now)
        let page = try await tables.read { try reader.page(from: start, of: $0) }
        let units = Capacity.readUnits(page.size, isConsistent: plan.isConsistent)
        tables.meter.charge(read: units, table, plan.index, at: now)
        var consumed = ConsumedCapacity(input.capacity, table: table, units: plan.index == nil ? units : 0)
        if let index = plan.index { consumed.add([index.name: units], of: table) }
        return Output(
            items: page.items, nextToken: page.next.map { pages.token($0, of: input.request.bytes) },
            lastKey: page.lastKey, consumedCapacity: consumed.ifWanted)
    }

    private func write(
        _ statement: PartiQLStatement, to table: TableDefinition, _ input: Input, in call: Call
    ) async throws -> Output {
        var write = try statement.write(to: table)
        write.returnsOldOnFailure = input.request.returnsOldOnFailure
        let outcome = try await tables.perform(write, at: call.now)
        var consumed = ConsumedCapacity(input.capacity, table: outcome.table, units: try outcome.tableUnits)
        consumed.add(outcome.indexUnits, of: outcome.table)
        return Output(
            items: try statement.returned(by: outcome).map { [$0] } ?? [], consumedCapacity: consumed.ifWanted)
    }
}

extension PartiQLStatement {
    /// What RETURNING asks for.
    func returned(by outcome: ItemWrite.Outcome) throws -> PreparedItem? {
        switch self {
        case .update(let change), .delete(let change):
            try outcome.attributes(change.returning?.rawValue, change.update)
        case .select, .insert, .exists: nil
        }
    }
}
