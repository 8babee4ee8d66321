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
