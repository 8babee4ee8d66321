import ServiceKit

/// Makes a new table of a backup. It is filled in the background and takes requests when it is complete.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html)
struct RestoreTableFromBackup: AWSOperation {
    struct Input: InputShape {
        let backupArn: String
        let overrides: RestoreOverrides

        init(_ member: Members) throws {
            backupArn = try member("BackupArn")
            overrides = try RestoreOverrides(member)
        }
    }

    struct Output: OutputShape {
        let tableDescription: TableDescription

        func write(to json: inout JSONWriter) { json.member("TableDescription", tableDescription) }
    }

    let tables: TableStore
    let keys: TableKeys

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.backupArn), Permission(on: input.overrides.target.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try input.overrides.target.validate()
        let catalog = tables.catalog
        guard let known = try await tables.read({ try $0.backup(input.backupArn) }) else {
            throw ServiceError.backupNotFound(input.backupArn)
        }
        let key = try await input.overrides.encryption(like: known.table, keys, in: call)
        let table = try await tables.write { transaction in
            // It may be deleted by now.
            guard let backup = try transaction.backup(input.backupArn) else {
                throw ServiceError.backupNotFound(input.backupArn)
            }
            let restoration = Restoration(
                file: backup.file, offset: 0, sourceTable: backup.table.arn.description, sourceBackup: backup.arn,
                time: backup.createdAt, isOwner: false)
            let table = try input.overrides.table(like: backup.table, key, restoration, in: transaction, call)
            try transaction.insert(table)
            transaction.afterCommit { catalog.keep(table) }
            return table
        }
        tables.backgroundWork.signal()
        return Output(tableDescription: TableDescription(table, status: .creating))
    }
}
