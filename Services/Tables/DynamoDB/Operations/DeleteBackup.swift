import ServiceKit

/// Deletes a backup.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteBackup.html)
struct DeleteBackup: AWSOperation {
    struct Input: InputShape {
        let backupArn: String

        init(_ member: Members) throws { backupArn = try member("BackupArn") }
    }

    struct Output: OutputShape {
        let description: BackupDescription

        func write(to json: inout JSONWriter) { json.member("BackupDescription", description) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: input.backupArn)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let catalog = tables.catalog
        let backup = try await tables.write { transaction in
            guard let backup = try transaction.backup(input.backupArn) else {
                throw ServiceError.backupNotFound(input.backupArn)
            }
            guard !catalog.all.contains(where: { $0.restoration?.file == backup.file && $0.isBeingRestored }) else {
                throw ServiceError("BackupInUseException", "Backup is being used for a restore: \(backup.arn)")
            }
            try transaction.delete(backup)
            return backup
        }
        tables.backups.remove(backup.file)
        return Output(description: BackupDescription(backup: backup, isDeleted: true))
    }
}
