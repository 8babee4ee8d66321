import ServiceKit

/// Refuses to send a table's changes to a Kinesis stream: Apus has none, and says so as AWS does of one unknown to it.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html)
struct EnableKinesisStreamingDestination: AWSOperation {
    typealias Input = StreamingDestinationInput
    typealias Output = NoOutput

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        _ = try tables.describedTable(input.table, in: call)
        throw ServiceError.validation("User does not have a permission to use kinesis stream")
    }
}

/// What the operations on a table's Kinesis streams are told.
struct StreamingDestinationInput: InputShape {
    let table: TableReference
    let stream: String

    init(_ member: Members) throws {
        table = try member("TableName")
        stream = try member("StreamArn")
    }
}

extension ServiceError {
    /// AWS says "enable" whatever was asked for.
    static func streamingDestination(_ reason: String) -> ServiceError {
        .validation("Table is not in a valid state to enable Kinesis Streaming Destination: \(reason)")
    }
}
