import ServiceKit

/// Says that a table has no continuous backups, as there are none yet.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html)
struct DescribeContinuousBackups: AWSOperation {
    struct Input: InputShape {
        let table: TableReference

        init(_ member: Members) throws { table = try member("TableName") }
    }

    struct Output: OutputShape {
        func write(to json: inout JSONWriter) {
            json.member("ContinuousBackupsDescription") { json in
                json.object { json in
                    json.member("ContinuousBackupsStatus", "DISABLED")
                    json.member("PointInTimeRecoveryDescription") { json in
                        json.object { $0.member("PointInTimeRecoveryStatus", "DISABLED") }
                    }
                }
            }
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        guard tables.catalog.table(input.table.identity(in: call)) != nil else {
            try input.table.validate()
            throw ServiceError("TableNotFoundException", "Table not found: \(input.table.name)")
        }
        return Output()
    }
}
