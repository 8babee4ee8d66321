import ServiceKit

/// Follows the shards of a table's stream: a shard begins when its parent is worked off.
struct StreamPoller: Sendable {
    /// How often new shards are looked for.
    private static let shardInterval = Duration.seconds(5)

    private struct Shard: Sendable, InputShape {
        let id: String
        let parent: String?

        init(_ member: Members) throws {
            id = try member("ShardId")
            parent = try member("ParentShardId")
        }
    }

    private let mapping: EventSourceMapping
    private let polling: Polling

    init(_ mapping: EventSourceMapping, _ polling: Polling) {
        self.mapping = mapping
        self.polling = polling
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await follow() }
            // The first failure ends all, and the poller begins again from its checkpoints.
            try await group.next()
            group.cancelAll()
        }
    }

    private func follow() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            var started: Set<String> = []
            while true {
                let shards = try await shards()
                let known = Set(shards.map(\.id))
                for shard in shards where !started.contains(shard.id) {
                    if let parent = shard.parent, known.contains(parent), try await !isDone(parent) { continue }
                    started.insert(shard.id)
                    if try await isDone(shard.id) { continue }
                    let reader = try ShardReader(shard.id, of: mapping, polling)
                    group.addTask { try await reader.run() }
                }
                try await polling.clock.sleep(until: polling.clock.now + Self.shardInterval)
            }
        }
    }

    private func isDone(_ shard: String) async throws -> Bool {
        try await polling.store.read { try $0.checkpoint(of: mapping.id, shard: shard) } == ShardReader.end
    }

    private func shards() async throws -> [Shard] {
        var shards: [Shard] = []
        var last: String?
        repeat {
            let reply = try await polling.streams(mapping, "DescribeStream") { json in
                json.member("StreamArn", mapping.source)
                json.member("ExclusiveStartShardId", last)
            }
            let description = try Members(try Members(reply.output)("StreamDescription") as JSONValue)
            shards += try description("Shards") ?? []
            last = try description("LastEvaluatedShardId")
        } while last != nil
        return shards
    }
}

extension Polling {
    /// Calls DynamoDB Streams as the function's role.
    func streams(
        _ mapping: EventSourceMapping, _ operation: String, _ input: (inout JSONWriter) -> Void
    ) async throws -> ServiceReply {
        var options = ServiceClient.Options()
        options.region = mapping.source.region
        options.isIdempotent = true
        let role = try await function(of: mapping).version.role
        let caller = Caller.role(role, session: mapping.functionKey.name)
        return try await client.call("dynamodbstreams", operation, as: caller, options: options, input: input)
    }
}
