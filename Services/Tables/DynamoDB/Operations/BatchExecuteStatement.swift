import ServiceKit

/// Runs up to 25 PartiQL statements, each about one item and each for itself: all read, or all write.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html)
struct BatchExecuteStatement: AWSOperation {
    struct Input: InputShape {
        let requests: [PartiQLRequest]
        let capacity: CapacityReport

        init(_ member: Members) throws {
            requests = try member("Statements")
            capacity = try CapacityReport(member)
        }
    }

    struct Output: OutputShape {
        struct Response: OutputShape {
            var table: String?
            var item: PreparedItem?
            var error: ServiceError?

            func write(to json: inout JSONWriter) {
                if let error {
                    json.member("Error") { json in
                        json.object { json in
                            json.member("Code", error.batchStatementCode)
                            json.member("Message", error.message)
                            json.member("Item", error.item)
                        }
                    }
                }
                json.member("TableName", table)
                json.member("Item", item)
            }
        }

        let responses: [Response]
        let consumedCapacity: [ConsumedCapacity]?

        func write(to json: inout JSONWriter) {
            json.member("Responses", responses)
            json.member("ConsumedCapacity", consumedCapacity)
        }
    }

    /// What one statement came to.
    private struct Result: Sendable {
        var response: Output.Response
        var consumed: ConsumedCapacity?
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        // A statement that cannot be read fails by itself; it needs nothing.
        input.requests.compactMap { try? $0.parse().permission(tables, in: call) }
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let statements = input.requests.map { request in
            Swift.Result { () throws(ServiceError) in try request.parse() }
        }
        let reads = statements.compactMap { (try? $0.get())?.isSelect }
        guard Set(reads).count <= 1 else {
            throw ServiceError.validation("Read and write requests together in the same batch is not supported.")
        }
        try refuseDuplicates(statements.compactMap { try? $0.get() }, in: call)
        var capacity = ConsumedCapacityList(input.capacity)
        var responses: [Output.Response] = []
        for (request, statement) in zip(input.requests, statements) {
            let result = await run(statement, request, input.capacity, in: call)
            responses.append(result.response)
            if let consumed = result.consumed { capacity.add(consumed) }
        }
        return Output(responses: responses, consumedCapacity: capacity.ifWanted)
    }

    private func refuseDuplicates(_ statements: [PartiQLStatement], in call: Call) throws(ServiceError) {
        var seen: [TableIdentity: Set<AttributeMap>] = [:]
        for statement in statements {
            let identity = TableReference(statement.table).identity(in: call)
            guard let table = tables.catalog.table(identity), let key = try? statement.itemKey(table) else { continue }
            guard seen[identity, default: []].insert(key).inserted else {
                throw .duplicateKeys
            }
        }
    }

    private func run(
        _ statement: Swift.Result<PartiQLStatement, ServiceError>, _ request: PartiQLRequest,
        _ report: CapacityReport, in call: Call
    ) async -> Result {
        var name: String?
        do {
            let statement = try statement.get()
            let table = try tables.table(TableReference(statement.table), in: call)
            if case .select(let select) = statement {
                try table.schema.validate(key: statement.batchKey(table))
                return try await read(select, of: table, request, report, at: call.now)
            }
            name = table.name
            return try await write(statement, to: table, request, report, in: call)
        } catch let error as ServiceError {
            // Only of a write that was tried the table is told.
            let isTried =
                error.batchStatementCode == "ConditionalCheckFailed"
                || error.batchStatementCode == "DuplicateItem"
            return Result(response: Output.Response(table: isTried ? name : nil, error: error))
        } catch {
            return Result(response: Output.Response(error: .internalServerError))
        }
    }

    private func read(
        _ select: PartiQLStatement.Select, of table: TableDefinition, _ request: PartiQLRequest,
        _ report: CapacityReport, at now: Timestamp
    ) async throws -> Result {
        try tables.meter.admit(.read, table, at: now)
        let plan = try SelectPlan(select, of: table, isConsistent: request.isConsistent)
        let page = try await tables.read { snapshot in
            try PartiQLPageReader(plan: plan, limit: nil).page(from: PartiQLPageReader.Position(), of: snapshot)
        }
        let units = Capacity.readUnits(page.size, isConsistent: plan.isConsistent)
        tables.meter.charge(read: units, table, at: now)
        return Result(
            response: Output.Response(table: table.name, item: page.items.first),
            consumed: ConsumedCapacity(report, table: table, units: units))
    }

    private func write(
        _ statement: PartiQLStatement, to table: TableDefinition, _ request: PartiQLRequest,
        _ report: CapacityReport, in call: Call
    ) async throws -> Result {
        if case .exists = statement {
            throw ServiceError.validation("EXISTS is only supported in ExecuteTransaction")
        }
        var write = try statement.write(to: table)
        write.returnsOldOnFailure = request.returnsOldOnFailure
        let outcome = try await tables.perform(write, at: call.now)
        var consumed = ConsumedCapacity(report, table: outcome.table, units: try outcome.tableUnits)
        consumed.add(outcome.indexUnits, of: outcome.table)
        return Result(
            response: Output.Response(table: table.name, item: try statement.returned(by: outcome)), consumed: consumed)
    }
}

extension PartiQLStatement {
    /// The key of the one item a SELECT in a batch reads.
    fileprivate func batchKey(_ table: TableDefinition) throws(ServiceError) -> AttributeMap {
        guard index == nil, let key = try? itemKey(table) else {
            throw .validation(
                "Select statements within BatchExecuteStatement must specify the primary key in the where clause.")
        }
        return key
    }
}

extension ServiceError {
    /// The item that failed a condition.
    fileprivate var item: JSONValue? {
        try? JSONDocument([UInt8(ascii: "{")] + members + [UInt8(ascii: "}")]).root["Item"]
    }

    /// `BatchStatementErrorCodeEnum`
    fileprivate var batchStatementCode: String {
        switch code {
        case "ValidationException", "SerializationException": "ValidationError"
        case "ResourceNotFoundException": "ResourceNotFound"
        case "ConditionalCheckFailedException": "ConditionalCheckFailed"
        case "DuplicateItemException": "DuplicateItem"
        case "ProvisionedThroughputExceededException": "ProvisionedThroughputExceeded"
        case "ThrottlingException": "ThrottlingError"
        case "AccessDeniedException": "AccessDenied"
        default: "InternalServerError"
        }
    }
}
