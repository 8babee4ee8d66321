import ServiceKit

/// Says, as AWS does of every table of one region, that there is no such global table.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTableReplicaAutoScaling.html)
struct DescribeTableReplicaAutoScaling: AWSOperation {
    struct Input: InputShape {
        let table: TableReference

        init(_ member: Members) throws { table = try member("TableName") }
    }

    typealias Output = NoOutput

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output { throw ServiceError.noGlobalTable(input.table.name) }
}

extension ServiceError {
    static func noGlobalTable(_ name: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", "Global table with name: '\(name)' does not exist.")
    }
}
