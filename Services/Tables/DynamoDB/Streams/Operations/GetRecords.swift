import ServiceKit

/// Reads the records of a shard in their order.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html)
struct GetRecords: AWSOperation {
    struct Input: InputShape {
        let shardIterator: String
        let limit: Int?

        init(_ member: Members) throws {
            shardIterator = try member("ShardIterator")
            limit = try member("Limit")
        }
    }

    struct Output: OutputShape {
        let records: [StreamRecordOutput]
        let nextShardIterator: String?

        func write(to json: inout JSONWriter) {
            json.member("Records", records)
            json.member("NextShardIterator", nextShardIterator)
        }
    }

    private static let recordLimit = 1000
    private static let sizeLimit = 1 << 20

    let tables: TableStore
    let iterators: PageToken

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let iterator = try ShardIterator(input.shardIterator, iterators)
        let stream = try await tables.read { try $0.stream(iterator.stream) }
        guard let stream, let reference = StreamReference(stream.arn.description) else {
            throw ServiceError.trimmedData
        }
        return [tables.permission(on: reference)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let iterator = try ShardIterator(input.shardIterator, iterators)
        guard call.now <= iterator.expiresAt else { throw ServiceError.expiredIterator }
        let limit = input.limit ?? Self.recordLimit
        guard limit <= Self.recordLimit else {
            throw ServiceError.validation(
                "1 validation error detected: Value '\(limit)' at 'limit' failed to satisfy constraint: "
                    + "Member must have value less than or equal to \(Self.recordLimit)")
        }
        let (records, next) = try await tables.read { try Self.read(iterator, limit, $0) }
        let following = next.map {
            ShardIterator(stream: iterator.stream, sequence: $0, expiresAt: call.now + ShardIterator.lifetime)
        }
        return Output(records: records, nextShardIterator: following?.token(iterators))
    }

    /// The records, and where to read on; `nil` at the end of a stream that takes no more.
    private static func read(
        _ iterator: ShardIterator, _ limit: Int, _ snapshot: Snapshot
    ) throws -> ([StreamRecordOutput], Int64?) {
        guard let stream = try snapshot.stream(iterator.stream) else { throw ServiceError.trimmedData }
        var records: [StreamRecordOutput] = []
        var next = iterator.sequence
        var size = 0
        try snapshot.scanRecords(of: stream.id, from: iterator.sequence) { record in
            let output = try StreamRecordOutput(record, of: stream)
            // One record always comes, however large.
            guard records.isEmpty || size + output.size <= sizeLimit else { return .stop }
            records.append(output)
            size += output.size
            next = record.sequence + 1
            return records.count < limit ? .next : .stop
        }
        let isOver = stream.lastSequence.map { next > $0 } ?? false
        return (records, isOver ? nil : next)
    }
}
