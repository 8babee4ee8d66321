import ServiceKit

/// Gives out a place to read records from.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html)
struct GetShardIterator: AWSOperation {
    struct Input: InputShape {
        let stream: StreamReference
        let shardId: String
        let type: String
        let sequenceNumber: String?

        init(_ member: Members) throws {
            stream = try member("StreamArn")
            shardId = try member("ShardId")
            type = try member("ShardIteratorType")
            sequenceNumber = try member("SequenceNumber")
        }
    }

    struct Output: OutputShape {
        let shardIterator: String

        func write(to json: inout JSONWriter) { json.member("ShardIterator", shardIterator) }
    }

    let tables: TableStore
    let iterators: PageToken

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.stream)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let iterator = try await tables.read { snapshot in
            let stream = try input.stream.find(in: snapshot)
            guard input.shardId == stream.shardID else {
                throw ServiceError(
                    "ResourceNotFoundException",
                    "Requested resource not found: Shard: \(input.shardId) in stream: \(stream.arn) not found")
            }
            return ShardIterator(
                stream: stream.id, sequence: try Self.sequence(input, stream, snapshot),
                expiresAt: call.now + ShardIterator.lifetime)
        }
        return Output(shardIterator: iterator.token(iterators))
    }

    private static func sequence(
        _ input: Input, _ stream: StreamDefinition, _ snapshot: Snapshot
    ) throws -> Int64 {
        if input.sequenceNumber != nil, input.type == "TRIM_HORIZON" || input.type == "LATEST" {
            throw ServiceError.validation("SequenceNumber cannot be given when ShardIteratorType is \(input.type)")
        }
        switch input.type {
        case "TRIM_HORIZON": return stream.firstSequence
        case "LATEST": return try snapshot.nextSequence()
        default: break
        }
        guard let text = input.sequenceNumber else {
            throw ServiceError.validation(
                "SequenceNumber is required when ShardIteratorType is AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER")
        }
        guard let number = SequenceNumber.number(text), number >= stream.firstSequence - 1,
            number <= stream.lastSequence ?? Int64.max
        else { throw ServiceError.validation("Invalid SequenceNumber: \(text)") }
        guard try number > snapshot.trimmedSequence() || number < stream.firstSequence else {
            throw ServiceError.trimmedData
        }
        return input.type == "AFTER_SEQUENCE_NUMBER" ? number + 1 : number
    }
}
