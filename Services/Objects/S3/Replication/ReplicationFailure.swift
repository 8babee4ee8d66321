import ServiceKit

/// Why a version does not get to where it should: `failureReason` of events.
///
/// [Failure reasons](https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-failure-codes.html)
enum ReplicationFailure: String, Error, Sendable {
    case roleNotAssumed = "AssumeRoleNotPermitted"
    case configurationMissing = "SrcBucketReplicationConfigMissing"
    case sourceNotReadable = "SrcGetObjectNotPermitted"
    case sourceListNotReadable = "SrcGetAclNotPermitted"
    case sourceNotEligible = "SrcObjectNotEligible"
    case sourceKeyUnusable = "SrcKmsKeyInvalidState"
    case destinationNotFound = "DstBucketNotFound"
    case destinationUnversioned = "DstBucketUnversioned"
    case destinationUnlocked = "DstBucketObjectLockConfigMissing"
    case destinationKeyNotFound = "DstKmsKeyNotFound"
    case destinationKeyUnusable = "DstKmsKeyInvalidState"
    case objectNotAccepted = "DstPutObjectNotPermitted"
    case markerNotAccepted = "DstDelObjNotPermitted"
    case versionMissing = "DstVersionNotFound"
}

extension ReplicationFailure {
    /// As the report of a job tells it.
    var result: BatchResult {
        BatchResult(state: .failed, status: 400, code: rawValue, message: "The object could not be replicated.")
    }

    static let sourceGone = BatchResult(
        state: .failed, status: 404, code: "NoSuchVersion", message: "The version was deleted meanwhile.")
}
