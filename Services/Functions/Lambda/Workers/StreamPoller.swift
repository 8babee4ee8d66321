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

    /// Returns only by throwing, when cancelled.
    func run() async throws {
        let search = Perseverance(in: mapping, polling)
        // No child of this group throws: a failed child would cancel the others, but not the loop in the group's
        // body, and nobody would read the shards it counts as begun.
        try await withThrowingDiscardingTaskGroup { group in
            var begun: Set<String> = []
            while true {
                for shard in try await search.untilDone({ try await shardsToBegin(besides: begun) }) {
                    begun.insert(shard)
                    group.addTask { await read(shard) }
                }
                try await polling.clock.sleep(until: polling.clock.now + Self.shardInterval)
            }
        }
    }

    /// Works off a shard: after a failure again from its checkpoint.
    private func read(_ shard: String) async {
        let reading = Perseverance(in: mapping, polling)
        // It throws only when cancelled: then nobody waits for more.
        try? await reading.untilDone {
            try await ShardReader(shard, of: mapping, polling, onProgress: reading.succeeded).run()
        }
    }

    private func shardsToBegin(besides begun: Set<String>) async throws -> [String] {
        let shards = try await shards()
        let known = Set(shards.map(\.id))
        var ready: [String] = []
        for shard in shards where !begun.contains(shard.id) {
            if let parent = shard.parent, known.contains(parent), try await !isDone(parent) { continue }
            if try await !isDone(shard.id) { ready.append(shard.id) }
        }
        return ready
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
