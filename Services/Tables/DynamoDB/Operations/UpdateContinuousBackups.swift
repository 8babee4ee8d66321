import ServiceKit

/// Turns point-in-time recovery of a table on or off.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html)
struct UpdateContinuousBackups: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let isEnabled: Bool
        let days: Int64?

        init(_ member: Members) throws {
            table = try member("TableName")
            let specification: JSONValue = try member("PointInTimeRecoverySpecification")
            let members = try Members(specification)
            isEnabled = try members("PointInTimeRecoveryEnabled")
            days = try members("RecoveryPeriodInDays")
        }
    }

    struct Output: OutputShape {
        let description: ContinuousBackupsDescription

        func write(to json: inout JSONWriter) { json.member("ContinuousBackupsDescription", description) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let days = input.days ?? PointInTimeRecovery.longestDays
        let table = try await tables.change(tables.backedUpTable(input.table, in: call)) { table, _ in
            guard input.isEnabled else {
                // What was remembered goes with the next trimming.
                table.recovery = nil
                return
            }
            var recovery = table.recovery ?? PointInTimeRecovery(since: call.now, days: days)
            recovery.days = input.days ?? recovery.days
            table.recovery = recovery
        }
        return Output(description: ContinuousBackupsDescription(recovery: table.recovery, now: call.now))
    }
}
