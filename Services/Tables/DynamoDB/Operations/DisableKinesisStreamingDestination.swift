import ServiceKit

/// Refuses to end what was never begun: no table's changes go to a Kinesis stream.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DisableKinesisStreamingDestination.html)
struct DisableKinesisStreamingDestination: AWSOperation {
    typealias Input = StreamingDestinationInput
    typealias Output = NoOutput

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        _ = try tables.describedTable(input.table, in: call)
        throw ServiceError.streamingDestination(
            "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.")
    }
}
