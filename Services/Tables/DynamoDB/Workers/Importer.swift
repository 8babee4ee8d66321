import ServiceKit

/// Fills new tables from buckets, in the name of who asked for it.
///
/// How far it has come is stored in one transaction with the items: a crash repeats nothing and loses nothing. The
/// table takes no requests before all is read, and goes where its source cannot be read.
struct Importer: Sendable {
    /// Items of a transaction.
    static let batchItems = 250
    private static let batchBytes = 1 << 20

    let tables: TableStore
    let clock: any WallClock
    let bucket: @Sendable (TableImport) throws -> any ImportBucket

    /// The table was deleted meanwhile.
    private struct TableIsGone: Error {}

    /// Returns when nothing is left to be read. An import that cannot go on now does not hold up the others.
    func run() async throws {
        var failure: (any Error)?
        for job in try await tables.read({ try $0.pendingImports() }) {
            do {
                try await run(job)
            } catch let error as CancellationError {
                throw error
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private func run(_ job: TableImport) async throws {
        guard let table = tables.catalog.all.first(where: { $0.id == job.table }) else {
            return try await cancel(job)
        }
        var job = job
        do {
            try await read(&job, into: table)
            try await finish(job, table)
        } catch is TableIsGone {
            try await cancel(job)
        } catch let error as ServiceError where error.status < 500 {
            try await fail(job, table, because: error)
        }
    }

    // MARK: Reading

    private func read(_ job: inout TableImport, into table: TableDefinition) async throws {
        let source = try bucket(job)
        if let position = job.position { try await read(from: position, in: source, &job, into: table) }
        while true {
            let page = try await source.objects(after: job.lastKey)
            guard !page.isEmpty else { return }
            for object in page {
                try Task.checkCancellation()
                let start = TableImport.Position(key: object.key, etag: object.etag, offset: 0)
                if object.size > 0 { try await read(from: start, in: source, &job, into: table) }
                job.lastKey = object.key
            }
        }
    }

    /// Reads an object to its end, or to what is no item.
    private func read(
        from start: TableImport.Position, in source: any ImportBucket, _ job: inout TableImport,
        into table: TableDefinition
    ) async throws {
        var position = start
        var batch = Batch()
        let stream = try await source.open(position.key, etag: position.etag)
        do {
            let bytes = try ObjectBytes(stream, job.request.compression)
            var items = try await ImportedItems(bytes, job.request, into: table)
            try await items.skip(to: position.offset)
            while let item = try await items.next() {
                batch.append(item, to: table, size: items.position - position.offset, &job, in: position.key)
                position.offset = items.position
                guard batch.count >= Self.batchItems || batch.bytes >= Self.batchBytes else { continue }
                job.position = position
                try await store(batch, job, table)
                batch = Batch()
            }
            position.offset = items.position
        } catch let fault as MalformedSource {
            job.count(fault.reason, in: position.key)
        }
        job.bytes += position.offset
        job.position = nil
        job.lastKey = position.key
        try await store(batch, job, table)
    }

    /// The items of one transaction.
    private struct Batch: Sendable {
        private(set) var writes: [ItemWrite] = []
        /// Read, the refused ones included.
        private(set) var count = 0
        private(set) var bytes: Int64 = 0

        mutating func append(
            _ item: AttributeMap, to table: TableDefinition, size: Int64, _ job: inout TableImport, in key: String
        ) {
            count += 1
            bytes += size
            do {
                let item = StoredItem(item)
                try item.checkSize()
                writes.append(try ItemWrite.put(item, in: SharedTable(table)))
                job.processed += 1
                job.imported += 1
            } catch {
                job.count(error.message, in: key)
            }
        }
    }

    // MARK: Storing

    private func store(_ batch: Batch, _ job: TableImport, _ table: TableDefinition) async throws {
        let now = clock.now
        try await tables.write { transaction in
            _ = try Self.current(table, in: transaction)
            for write in batch.writes { _ = try write.perform(in: transaction, at: now) }
            try transaction.keep(job)
        }
    }

    private func finish(_ job: TableImport, _ table: TableDefinition) async throws {
        var job = job
        job.finish(at: clock.now)
        let done = job
        try await tables.write { [catalog = tables.catalog] transaction in
            var table = try Self.current(table, in: transaction)
            table.importARN = nil
            try transaction.update(&table)
            try transaction.keep(done)
            let filled = table
            transaction.afterCommit { catalog.keep(filled) }
        }
    }

    /// Nobody wants a table of which half is missing.
    private func fail(_ job: TableImport, _ table: TableDefinition, because error: ServiceError) async throws {
        var job = job
        job.fail(error, at: clock.now)
        let failed = job
        try await tables.write { [catalog = tables.catalog] transaction in
            try transaction.keep(failed)
            guard try transaction.hasTable(table.identity) else { return }
            try transaction.delete(table)
            transaction.afterCommit { catalog.drop(table) }
        }
        tables.backgroundWork.signal()
    }

    private func cancel(_ job: TableImport) async throws {
        var job = job
        job.status = .cancelled
        job.endTime = clock.now
        let cancelled = job
        try await tables.write { try $0.keep(cancelled) }
    }

    private static func current(_ table: TableDefinition, in transaction: Transaction) throws -> TableDefinition {
        do {
            return try transaction.current(table)
        } catch let error as ServiceError where error.code == ServiceError.resourceNotFound.code {
            throw TableIsGone()
        }
    }
}
