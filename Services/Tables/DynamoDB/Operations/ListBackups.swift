import ServiceKit

/// Lists backups, of all tables or of one, also of deleted ones.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html)
struct ListBackups: AWSOperation {
    struct Input: InputShape {
        let table: TableReference?
        let limit: Int?
        let lowerBound: Timestamp?
        let upperBound: Timestamp?
        let exclusiveStart: String?
        let type: String?

        init(_ member: Members) throws {
            table = try member("TableName")
            limit = try member("Limit")
            lowerBound = try member("TimeRangeLowerBound")
            upperBound = try member("TimeRangeUpperBound")
            exclusiveStart = try member("ExclusiveStartBackupArn")
            type = try member("BackupType")
        }
    }

    struct Output: OutputShape {
        let backups: [Backup]
        let lastArn: String?

        func write(to json: inout JSONWriter) {
            json.member("BackupSummaries", backups.map { BackupDetails(backup: $0, isSummary: true) })
            json.member("LastEvaluatedBackupArn", lastArn)
        }
    }

    private static let pageSize = 100

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let all = try await tables.read { try $0.backups(account: call.account, region: call.region) }
        let wanted = all.filter { isWanted($0, input) }
        let limit = input.limit ?? Self.pageSize
        guard let page = ListPart(of: wanted, after: input.exclusiveStart, limit: limit, position: \.arn) else {
            throw ServiceError.validation("The provided starting BackupArn is invalid")
        }
        return Output(backups: page.elements, lastArn: page.next)
    }

    private func isWanted(_ backup: Backup, _ input: Input) -> Bool {
        // Every backup here was asked for by a user.
        guard input.type == nil || input.type == "USER" || input.type == "ALL" else { return false }
        if let table = input.table, table.name != backup.table.name { return false }
        if let lower = input.lowerBound, backup.createdAt < lower { return false }
        if let upper = input.upperBound, backup.createdAt >= upper { return false }
        return true
    }
}
