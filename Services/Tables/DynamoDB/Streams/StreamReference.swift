import ServiceKit

/// How a request names a stream: `arn:aws:dynamodb:…:table/NAME/stream/LABEL`.
struct StreamReference: Sendable, MemberValue {
    let arn: ARN
    let table: String
    let label: String

    init(json value: JSONValue) throws {
        let text = try String(json: value)
        guard let reference = StreamReference(text) else {
            throw ServiceError.validation("Invalid StreamArn: Invalid StreamArn provided as input \(text)")
        }
        self = reference
    }

    init?(_ text: String) {
        guard let arn = ARN(text), arn.service == "dynamodb" else { return nil }
        let parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "table", parts[2] == "stream" else { return nil }
        self.arn = arn
        table = String(parts[1])
        label = String(parts[3])
    }

    /// - Throws: `ResourceNotFoundException` for a stream that never was or is forgotten.
    func find(in snapshot: Snapshot) throws -> StreamDefinition {
        let stream = try snapshot.stream(account: arn.account, region: arn.region, table: table, label: label)
        guard let stream else { throw ServiceError.streamNotFound(arn.description) }
        return stream
    }
}

extension TableStore {
    /// What reading a stream needs.
    func permission(on stream: StreamReference) -> Permission {
        let identity = TableIdentity(account: stream.arn.account, region: stream.arn.region, name: stream.table)
        let own = catalog.table(identity)?.stream
        return Permission(on: stream.arn, resourcePolicy: own?.label == stream.label ? own?.policy?.policy : nil)
    }
}

extension StreamDefinition {
    /// A stream has one shard for all its life: items keep their order, and consumers need no resharding.
    var shardID: String { "shardId-\(createdAt.milliseconds.digits(20))-\(id.digits(8, radix: 16))" }
}
