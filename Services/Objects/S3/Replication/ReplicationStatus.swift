import ServiceKit

/// What became of a version's replication: `x-amz-replication-status`.
///
/// [Replication status](https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html)
enum ReplicationStatus: String, Sendable, SQLValue {
    /// Some bucket does not have it yet, or not as it is now.
    case pending = "PENDING"
    /// Every bucket that was to have it has it.
    case completed = "COMPLETED"
    /// Some bucket did not get it, and will not.
    case failed = "FAILED"
    /// It came here from another bucket.
    case replica = "REPLICA"
    /// It came from another bucket, and was changed here.
    case replicaPending = "REPLICA PENDING"
    case replicaFailed = "REPLICA FAILED"

    /// As clients are told.
    var name: String {
        switch self {
        case .replicaPending: Self.pending.rawValue
        case .replicaFailed: Self.failed.rawValue
        case .pending, .completed, .failed, .replica: rawValue
        }
    }

    var isReplica: Bool {
        switch self {
        case .replica, .replicaPending, .replicaFailed: true
        case .pending, .completed, .failed: false
        }
    }

    var isPending: Bool { self == .pending || self == .replicaPending }

    /// After something changed that other buckets are to be told of. What failed stays so: it is not tried again.
    var changed: ReplicationStatus {
        switch self {
        case .completed, .pending: .pending
        case .replica, .replicaPending: .replicaPending
        case .failed, .replicaFailed: self
        }
    }

    /// After somebody asked for it to be brought once more: also what failed, and what came from elsewhere.
    static func again(_ status: ReplicationStatus?) -> ReplicationStatus {
        status?.isReplica ?? false ? .replicaPending : .pending
    }

    /// After the last bucket was told.
    var finished: ReplicationStatus {
        switch self {
        case .pending: .completed
        case .replicaPending: .replica
        case .completed, .failed, .replica, .replicaFailed: self
        }
    }

    /// After a bucket could not be told.
    var refused: ReplicationStatus { isReplica ? .replicaFailed : .failed }
}

/// What events about replication tell beside the object.
///
/// [Replication events](https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-metrics-events.html)
struct ReplicationDetail: OutputShape {
    let rule: String
    let destination: String
    /// `OBJECT_PUT`, `OBJECT_DELETE`
    let operation: String
    /// When the change was made that is replicated.
    let requested: Timestamp
    let failure: ReplicationFailure?

    func write(to json: inout JSONWriter) {
        json.member("replicationRuleId", rule)
        json.member("destinationBucket", ARN("s3", destination).description)
        json.member("s3Operation", operation)
        json.member("requestTime", requested.iso8601(milliseconds: true))
        json.member("failureReason", failure?.rawValue)
    }
}
