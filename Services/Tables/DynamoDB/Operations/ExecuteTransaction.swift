import ServiceKit

/// Runs up to a hundred PartiQL statements as one transaction: all read, or all write and check.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html)
struct ExecuteTransaction: AWSOperation {
    struct Input: InputShape {
        let requests: [PartiQLRequest]
        let clientRequestToken: String?
        let capacity: CapacityReport
        /// As they came, to know a repeated request by.
        let statementBytes: ArraySlice<UInt8>

        init(_ member: Members) throws {
            let statements: JSONValue = try member("TransactStatements")
            requests = try statements.elements.map { try PartiQLRequest(json: $0) }
            statementBytes = statements.rawBytes
            clientRequestToken = try member("ClientRequestToken")
            capacity = try CapacityReport(member)
        }
    }

    struct Output: OutputShape {
        struct Response: OutputShape {
            var item: PreparedItem?

            func write(to json: inout JSONWriter) { json.member("Item", item) }
        }

        let responses: [Response]
        let consumedCapacity: [ConsumedCapacity]?

        func write(to json: inout JSONWriter) {
            json.member("Responses", responses)
            json.member("ConsumedCapacity", consumedCapacity)
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) throws -> [Permission] {
        try input.requests.map { try $0.parse().permission(tables, in: call) }
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let statements = try input.requests.map { try $0.parse() }
        guard Set(statements.map(\.isSelect)).count == 1 else {
            throw ServiceError.validation(
                "ExecuteTransaction API does not support both read and write operations in the same request.")
        }
        let definitions = try statements.map { try tables.table(TableReference($0.table), in: call) }
        if statements[0].isSelect {
            return try await read(statements, of: definitions, input.capacity, at: call.now)
        }
        return try await write(statements, to: definitions, input, in: call)
    }

    private func read(
        _ statements: [PartiQLStatement], of definitions: [TableDefinition], _ report: CapacityReport,
        at now: Timestamp
    ) async throws -> Output {
        for (index, (statement, table)) in zip(statements, definitions).enumerated() {
            guard (try? statement.itemKey(table)) == nil else { continue }
            throw ServiceError.validation(
                "Validation failed in TransactStatements[\(index)]: Select statements within ExecuteTransaction must "
                    + "specify the primary key in the where clause.")
        }
        // Every SELECT means one item, which is what checking it would need too.
        let checks = try TransactionWrites(count: statements.count) { (index) throws(ServiceError) in
            try statements[index].write(to: definitions[index])
        }
        let columns = statements.map(\.columns)
        let meter = tables.meter
        for table in definitions { try meter.admit(.read, table, at: now) }
        return try await tables.read { snapshot in
            var capacity = ConsumedCapacityList(report)
            var responses: [Output.Response] = []
            for (check, columns) in zip(checks.writes, columns) {
                let stored = try snapshot.item(check.storedKey, in: check.table)
                let item = try stored?.attributes()
                let isWanted = item.map { check.condition?.isTrue(for: $0) ?? true } ?? false
                let answer = isWanted ? item.map { PreparedItem(PartiQLColumns.choose(columns, of: $0)) } : nil
                responses.append(Output.Response(item: answer))
                let units = Capacity.readUnits(try stored?.size() ?? 0, isConsistent: true) * 2
                meter.charge(read: units, check.table, at: now)
                capacity.add(ConsumedCapacity(report, table: check.table, units: units, direction: .read))
            }
            return Output(responses: responses, consumedCapacity: capacity.ifWanted)
        }
    }

    private func write(
        _ statements: [PartiQLStatement], to definitions: [TableDefinition], _ input: Input, in call: Call
    ) async throws -> Output {
        for (index, statement) in statements.enumerated() where statement.hasReturning {
            throw ServiceError.validation(
                "Validation failed in TransactStatements[\(index)]: RETURNING clause is not supported in "
                    + "ExecuteTransaction.")
        }
        let writes = try TransactionWrites(count: statements.count) { (index) throws(ServiceError) in
            var write = try statements[index].write(to: definitions[index])
            write.returnsOldOnFailure = input.requests[index].returnsOldOnFailure
            return write
        }
        let token = input.clientRequestToken.map { TransactionToken($0, request: input.statementBytes, in: call) }
        let outcomes = try await tables.write { [meter = tables.meter] transaction in
            try writes.perform(token, in: transaction, meter, at: call.now)
        }
        return Output(
            responses: [], consumedCapacity: try writes.consumed(by: outcomes, input.capacity).ifWanted)
    }
}

extension PartiQLStatement {
    fileprivate var hasReturning: Bool {
        switch self {
        case .update(let change), .delete(let change): change.returning != nil
        case .select, .insert, .exists: false
        }
    }

    fileprivate var columns: [DocumentPath]? {
        if case .select(let select) = self { select.columns } else { nil }
    }
}
