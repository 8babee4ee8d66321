import ServiceKit

/// Makes metadata tables, and brings into them what happens to their buckets' objects.
struct MetadataWorker: Sendable {
    let store: S3Store
    let clock: any WallClock
    let log: Log
    /// How often journals take what was noted.
    let interval: Duration
    /// How often inventories are brought up to date: AWS promises an hour.
    var inventoryInterval: Duration { interval * 10 }

    /// Bytes of records that may wait for a journal that cannot be written.
    var waitingLimit: Int64 = 256 << 20
    /// Records of a journal that was given up which one transaction removes.
    private static let forgottenAtOnce = 10_000

    private let signal = WorkSignal()

    init(store: S3Store, clock: any WallClock, log: Log, interval: Duration) {
        (self.store, self.clock, self.log, self.interval) = (store, clock, log, interval)
        store.database.observe(JournalRecord.topic) { [signal] in signal.signal() }
    }

    func run() async throws {
        var signals = signal.signals.makeAsyncIterator()
        var due = clock.now + interval
        while !Task.isCancelled {
            try await create()
            if clock.now >= due {
                try await advance()
                due = clock.now + interval
            }
            let alarm = Task { [clock, signal, due] in
                guard (try? await clock.sleep(until: due)) != nil else { return }
                signal.signal()
            }
            _ = await signals.next()
            alarm.cancel()
        }
    }

    /// Gives new tables their first state.
    func create() async throws {
        for table in try await store.read({ try $0.allTables() }) where table.metadata.isEmpty && !table.isGivenUp {
            try await tending(table) { writer, table in
                if table.metadata.isEmpty { try await writer.create(table) }
                return false
            }
        }
    }

    /// Brings all tables up to date, journals before the inventories that follow them.
    func advance() async throws {
        let all = try await store.read { try $0.allTables() }
        for table in all where table.isGivenUp { try await forget(table) }
        let tables = all.filter { !$0.metadata.isEmpty && !$0.isGivenUp }
        for table in tables where table.kind == .journal {
            try await tending(table) { try await JournalTable(writer: $0, table: $1).append() }
            try await tending(table) {
                try await JournalTable(writer: $0, table: $1).compact()
                return false
            }
            try await tending(table) {
                try await JournalTable(writer: $0, table: $1).expire()
                return false
            }
        }
        for table in tables where table.kind == .inventory && isDue(table) {
            try await tending(table) { try await InventoryTable(writer: $0, table: $1).advance() }
        }
    }

    private func isDue(_ table: IcebergTable) -> Bool {
        table.backfill != nil || clock.now - table.modified >= inventoryInterval
    }

    /// Removes what waits for a journal that was given up.
    private func forget(_ table: IcebergTable) async throws {
        while try await store.read({ try $0.hasRecords(of: table.id) }) {
            try Task.checkCancellation()
            try await store.database.write { try $0.forgetRecords(of: table.id, limit: Self.forgottenAtOnce) }
        }
    }

    /// Does steps until one returns that nothing is left. What fails for one table is told in its configuration, and tried
    /// again, for a journal until too much waits for it.
    private func tending(
        _ table: IcebergTable, _ step: (TableWriter, IcebergTable) async throws -> Bool
    ) async throws {
        let writer = TableWriter(store: store, clock: clock)
        do {
            while let current = try await store.read({ try $0.table(table.id) }) {
                try Task.checkCancellation()
                guard try await step(writer, current) else { return }
            }
        } catch let error as ServiceError where error.code == ServiceError.tableChanged.code {
            // Deleted meanwhile.
        } catch let error as ServiceError {
            log.warning("A metadata table cannot be written", ["table": "\(table.arn)", "error": error.message])
            let failure: MetadataConfiguration.Failure = error.status < 500 ? .notWritable : .internalError
            let waiting = try await store.read { try $0.pendingBytes(of: table.id) }
            let isTooMuch = waiting > waitingLimit
            if isTooMuch { log.error("A journal is given up", ["table": "\(table.arn)", "waiting": "\(waiting)"]) }
            try await store.database.write { transaction in
                try transaction.setFailure(of: table.id, to: failure.rawValue)
                if isTooMuch { try transaction.giveUp(table) }
            }
            if isTooMuch { try await forget(table) }
        }
    }
}
