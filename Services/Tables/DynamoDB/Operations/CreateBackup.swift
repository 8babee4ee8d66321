import ServiceKit

/// Makes a backup of a table as it is at one moment; it outlives the table.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html)
struct CreateBackup: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let name: String

        init(_ member: Members) throws {
            table = try member("TableName")
            name = try member("BackupName")
        }
    }

    struct Output: OutputShape {
        let backup: Backup

        func write(to json: inout JSONWriter) { json.member("BackupDetails", BackupDetails(backup: backup)) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let table = try tables.backedUpTable(input.table, in: call)
        let arn = Backup.arn(of: table, at: call.now)
        let file = "backup-\(Identifier.uuid())"
        let counts = try await tables.writeFile(of: TableImage(table: table, time: nil), to: file)
        let backup = Backup(
            arn: arn.description, name: input.name, createdAt: call.now, table: table, items: counts.items,
            bytes: counts.bytes, file: file)
        do {
            try await tables.write { try $0.insert(backup) }
        } catch {
            tables.backups.remove(file)
            throw error
        }
        return Output(backup: backup)
    }
}

extension TableStore {
    /// Writes a table's items of one moment, or what became of them, into a file.
    func writeFile(of content: some FileContent, to file: String) async throws -> (items: Int64, bytes: Int64) {
        try await read { snapshot in
            try backups.write(file) { writer in
                try content.write(to: &writer, from: snapshot)
                return (writer.items, writer.size)
            }
        }
    }
}
