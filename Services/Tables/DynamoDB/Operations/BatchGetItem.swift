import ServiceKit

/// Reads up to a hundred items of any tables by their keys.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html)
struct BatchGetItem: AWSOperation {
    struct Input: InputShape {
        struct TableKeys: Sendable {
            let table: TableReference
            let keys: [AttributeMap]
            let isConsistent: Bool
            let projection: ProjectionParameters
            /// As it came, to be handed back for what is left over.
            let json: JSONValue

            init(_ member: JSONMember) throws {
                let members = try Members(member.value)
                try ExpressionForms.get.check(members)
                table = TableReference(member.name)
                keys = try RequestCheck.read { try members("Keys") }
                isConsistent = try members("ConsistentRead") ?? false
                projection = try ProjectionParameters(members)
                json = member.value
            }
        }

        let requestItems: [TableKeys]
        let capacity: CapacityReport

        init(_ member: Members) throws {
            let items: JSONValue = try member("RequestItems")
            requestItems = try items.members.map { try TableKeys($0) }
            capacity = try CapacityReport(member)
            // What each may have is a matter of all.
            let projections = requestItems.map(\.projection)
            if projections.contains(where: { $0.expression != nil }),
                projections.contains(where: { $0.attributesToGet != nil })
            {
                throw ServiceError.mixedForms(["AttributesToGet"], [.projection])
            }
            try BatchNames.check(requestItems.map(\.table), echo: JSONWriter.compact(items))
        }
    }

    struct Output: OutputShape {
        var responses: [(table: String, items: [PreparedItem])] = []
        var unprocessed: [(request: Input.TableKeys, keys: [AttributeMap])] = []
        var consumedCapacity: [ConsumedCapacity]?

        func write(to json: inout JSONWriter) {
            json.member("Responses") { json in
                json.object { json in for (table, items) in responses { json.member(table, items) } }
            }
            json.member("UnprocessedKeys") { json in
                json.object { json in
                    for (request, keys) in unprocessed {
                        json.member(request.table.text) { json in request.writeAgain(keys, to: &json) }
                    }
                }
            }
            json.member("ConsumedCapacity", consumedCapacity)
        }
    }

    private static let keyLimit = 100
    private static let sizeLimit = 16 << 20

    /// One table's part of the request, ready to be read.
    private struct Reading: Sendable {
        let request: Input.TableKeys
        let table: TableDefinition
        let projection: Projection?
        let items: [ItemRead]
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        input.requestItems.map { request in
            var access = ItemAccess(request.table)
            access.leadingKeys = tables.leadingKeys(request.keys, of: request.table, in: call)
            if call.caller.kind != .root, let projection = try? request.projection.compile(tables.expressions) {
                access.attributes = Set(projection.paths.map(\.root))
            }
            return access.permission(tables, in: call)
        }
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard input.requestItems.reduce(0, { $0 + $1.keys.count }) <= Self.keyLimit else {
            throw ServiceError.validation("Too many items requested for the BatchGetItem call")
        }
        let readings = try input.requestItems.map { try reading(of: $0, in: call) }
        let output = try await tables.read { snapshot in
            var output = Output()
            var capacity = ConsumedCapacityList(input.capacity)
            var size = 0
            for reading in readings { try read(reading, snapshot, &output, &size, &capacity, at: call.now) }
            output.consumedCapacity = capacity.ifWanted
            return output
        }
        let isThrottled = output.responses.allSatisfy(\.items.isEmpty) && !output.unprocessed.isEmpty
        guard !isThrottled else { throw ServiceError.throughputExceeded() }
        return output
    }

    private func reading(of request: Input.TableKeys, in call: Call) throws -> Reading {
        let projection = try request.projection.compile(tables.expressions)
        let table = try table(of: request, in: call)
        let times = tables.cacheTimes(of: table, isConsistent: request.isConsistent)
        var seen: Set<[UInt8]> = []
        let items = try request.keys.map { key in
            try table.schema.validate(key: key)
            guard let stored = table.schema.encode(key) else { throw ServiceError.keyMismatch }
            guard seen.insert(stored).inserted else {
                throw ServiceError.duplicateKeys
            }
            return ItemRead(stored, of: table, times, in: tables.cache, at: call.now)
        }
        return Reading(request: request, table: table, projection: projection, items: items)
    }

    /// That a key stands there twice is told even where there is no table.
    private func table(of request: Input.TableKeys, in call: Call) throws -> TableDefinition {
        do { return try tables.table(request.table, in: call) } catch {
            var seen: Set<AttributeMap> = []
            guard request.keys.allSatisfy({ seen.insert($0).inserted }) else { throw ServiceError.duplicateKeys }
            throw error
        }
    }

    /// Reads until the answer is full; the rest is handed back.
    private func read(
        _ reading: Reading, _ snapshot: Snapshot, _ output: inout Output, _ size: inout Int,
        _ capacity: inout ConsumedCapacityList, at now: Timestamp
    ) throws {
        let (table, meter) = (reading.table, tables.meter)
        var items: [PreparedItem] = []
        var done = 0
        while done < reading.items.count, size < Self.sizeLimit, meter.hasUnits(.read, table, at: now) {
            let found = try reading.items[done].withItem(of: table, snapshot, tables.cache, at: now) { bytes in
                items.append(try PreparedItem(bytes, reading.projection))
                return try ItemReader.size(bytes)
            }
            size += found ?? 0
            let units = Capacity.readUnits(found ?? 0, isConsistent: reading.request.isConsistent)
            meter.charge(read: units, table, at: now)
            capacity.add(ConsumedCapacity(capacity.report, table: table, units: units))
            done += 1
        }
        output.responses.append((reading.request.table.text, items))
        if done < reading.items.count {
            output.unprocessed.append((reading.request, Array(reading.request.keys[done...])))
        }
    }
}

extension BatchGetItem.Input.TableKeys {
    /// The same request for other keys.
    fileprivate func writeAgain(_ keys: [AttributeMap], to json: inout JSONWriter) {
        json.object { json in
            json.member("Keys", keys)
            for member in self.json.members where member.name != "Keys" {
                json.member(member.name) { $0.raw(member.value.rawBytes) }
            }
        }
    }
}
