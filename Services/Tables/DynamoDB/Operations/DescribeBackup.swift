import ServiceKit

/// Describes a backup and the table it was made of.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBackup.html)
struct DescribeBackup: AWSOperation {
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
        let backup = try await tables.read { try $0.backup(input.backupArn) }
        guard let backup else { throw ServiceError.backupNotFound(input.backupArn) }
        return Output(description: BackupDescription(backup: backup))
    }
}
