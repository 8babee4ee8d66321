import ServiceKit

/// Refuses to scale the replicas of what is no global table, in the words AWS has for every table of one region.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTableReplicaAutoScaling.html)
struct UpdateTableReplicaAutoScaling: AWSOperation {
    struct Input: InputShape {
        let table: TableReference

        init(_ member: Members) throws { table = try member("TableName") }
    }

    typealias Output = NoOutput

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output { throw ServiceError.noGlobalTable(input.table.name) }
}
