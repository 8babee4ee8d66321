import ServiceKit

/// Describes a stream and its shard.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html)
struct DescribeStream: AWSOperation {
    struct Input: InputShape {
        let stream: StreamReference
        let limit: Int?
        let exclusiveStartShardId: String?
        let shardFilter: ShardFilter?

        init(_ member: Members) throws {
            stream = try member("StreamArn")
            limit = try member("Limit")
            exclusiveStartShardId = try member("ExclusiveStartShardId")
            shardFilter = try member("ShardFilter")
        }
    }

    /// Asks for the shards that followed one.
    struct ShardFilter: InputShape {
        init(_ member: Members) throws {
            let type: String? = try member("Type")
            let shard: String? = try member("ShardId")
            guard type != nil, shard != nil else {
                throw ServiceError.validation("ShardFilter must have both Type and ShardId")
            }
        }
    }

    struct Output: OutputShape {
        let stream: StreamDefinition
        /// False where the request is past the one shard.
        let showsShard: Bool

        func write(to json: inout JSONWriter) {
            json.member("StreamDescription") { json in
                json.object { json in
                    json.member("StreamArn", stream.arn)
                    json.member("StreamLabel", stream.label)
                    json.member("StreamStatus", stream.disabledAt == nil ? "ENABLED" : "DISABLED")
                    json.member("StreamViewType", stream.view.rawValue)
                    json.member("CreationRequestDateTime", stream.createdAt)
                    json.member("TableName", stream.tableName)
                    json.member("KeySchema", stream.schema.elements)
                    json.member("Shards", showsShard ? [Shard(stream: stream)] : [])
                }
            }
        }
    }

    struct Shard: OutputShape {
        let stream: StreamDefinition

        func write(to json: inout JSONWriter) {
            json.member("ShardId", stream.shardID)
            json.member("SequenceNumberRange") { json in
                json.object { json in
                    json.member("StartingSequenceNumber", SequenceNumber.text(stream.firstSequence))
                    json.member("EndingSequenceNumber", stream.lastSequence.map(SequenceNumber.text))
                }
            }
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.stream)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let stream = try await tables.read { try input.stream.find(in: $0) }
        // The one shard has no children, and none comes behind it.
        let isPast = input.shardFilter != nil || input.exclusiveStartShardId.map { stream.shardID <= $0 } ?? false
        return Output(stream: stream, showsShard: !isPast)
    }
}
