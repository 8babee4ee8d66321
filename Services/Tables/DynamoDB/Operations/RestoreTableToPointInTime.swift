import ServiceKit

/// Makes a new table of what another one held at a moment of the past.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html)
struct RestoreTableToPointInTime: AWSOperation {
    struct Input: InputShape {
        let source: TableReference
        let useLatestRestorableTime: Bool
        let restoreDateTime: Timestamp?
        let overrides: RestoreOverrides

        init(_ member: Members) throws {
            let arn: TableReference? = try member("SourceTableArn")
            let name: TableReference? = try member("SourceTableName")
            guard let source = arn ?? name else {
                throw ServiceError.validation("Either SourceTableName or SourceTableArn must be specified")
            }
            self.source = source
            useLatestRestorableTime = try member("UseLatestRestorableTime") ?? false
            restoreDateTime = try member("RestoreDateTime")
            overrides = try RestoreOverrides(member)
        }
    }

    typealias Output = RestoreTableFromBackup.Output

    let tables: TableStore
    let keys: TableKeys

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [tables.permission(on: input.source, in: call), Permission(on: input.overrides.target.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try input.overrides.target.validate()
        let source = try tables.backedUpTable(input.source, in: call)
        let time = try moment(input, of: source, at: call.now)
        guard tables.catalog.table(input.overrides.target.identity(in: call)) == nil else {
            throw ServiceError(
                "TableAlreadyExistsException", "Table already exists: \(input.overrides.target.name)")
        }
        let key = try await input.overrides.encryption(like: source, keys, in: call)
        let file = "restore-\(Identifier.uuid())"
        _ = try await tables.writeFile(of: TableImage(table: source, time: time), to: file)
        do {
            let table = try await create(input.overrides, like: source, key, file, time, in: call)
            tables.backgroundWork.signal()
            return Output(tableDescription: TableDescription(table, status: .creating))
        } catch {
            tables.backups.remove(file)
            throw error
        }
    }

    private func create(
        _ overrides: RestoreOverrides, like source: TableDefinition, _ key: TableEncryption?, _ file: String,
        _ time: Timestamp, in call: Call
    ) async throws -> TableDefinition {
        let catalog = tables.catalog
        let restoration = Restoration(
            file: file, offset: 0, sourceTable: source.arn.description, sourceBackup: nil, time: time, isOwner: true)
        return try await tables.write { transaction in
            let table = try overrides.table(like: source, key, restoration, in: transaction, call)
            try transaction.insert(table)
            transaction.afterCommit { catalog.keep(table) }
            return table
        }
    }

    private func moment(_ input: Input, of source: TableDefinition, at now: Timestamp) throws -> Timestamp {
        guard let recovery = source.recovery else { throw ServiceError.recoveryUnavailable(source.name) }
        switch (input.restoreDateTime, input.useLatestRestorableTime) {
        case (nil, true): return now
        case (let time?, false):
            try recovery.check(time, at: now)
            return time
        default:
            throw ServiceError.validation(
                "Exactly one of RestoreDateTime and UseLatestRestorableTime must be specified")
        }
    }
}

extension ServiceError {
    static func recoveryUnavailable(_ table: String) -> ServiceError {
        ServiceError(
            "PointInTimeRecoveryUnavailableException", "Point in time recovery is not enabled for table '\(table)'")
    }
}
