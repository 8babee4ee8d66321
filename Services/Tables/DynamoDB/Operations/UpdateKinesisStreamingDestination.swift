import ServiceKit

/// Refuses to change how changes go to a Kinesis stream: no table's do.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateKinesisStreamingDestination.html)
struct UpdateKinesisStreamingDestination: AWSOperation {
    typealias Input = StreamingDestinationInput
    typealias Output = NoOutput

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        let table = try tables.describedTable(input.table, in: call)
        throw ServiceError.streamingDestination(
            "No streaming destination with streamArn: \(input.stream) found for table with tableName: \(table.name)")
    }
}
