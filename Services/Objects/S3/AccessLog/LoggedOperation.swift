import ServiceKit

/// What access logs call an operation: `REST.GET.OBJECT`.
///
/// [Log format](https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html)
enum LoggedOperation {
    private static let names = [
        "ListObjects": "GET.BUCKET", "ListObjectsV2": "GET.BUCKET", "ListObjectVersions": "GET.BUCKETVERSIONS",
        "ListMultipartUploads": "GET.UPLOADS", "ListParts": "GET.UPLOAD", "HeadBucket": "HEAD.BUCKET",
        "CreateBucket": "PUT.BUCKET", "DeleteBucket": "DELETE.BUCKET",
        "GetObject": "GET.OBJECT", "HeadObject": "HEAD.OBJECT", "PutObject": "PUT.OBJECT",
        "DeleteObject": "DELETE.OBJECT", "DeleteObjects": "POST.MULTI_OBJECT_DELETE", "CopyObject": "COPY.OBJECT",
        "CreateMultipartUpload": "POST.UPLOADS", "UploadPart": "PUT.PART", "UploadPartCopy": "COPY.PART",
        "CompleteMultipartUpload": "POST.UPLOAD", "AbortMultipartUpload": "DELETE.UPLOAD",
        "GetObjectAttributes": "GET.OBJECT_ATTRIBUTES", "RestoreObject": "POST.OBJECT_RESTORE",
        "UpdateObjectEncryption": "PUT.OBJECT_ENCRYPTION", "GetObjectTorrent": "GET.OBJECT_TORRENT",
        "RenameObject": "PUT.OBJECT_RENAME", "CreateSession": "GET.SESSION",
        "ListBucketMetricsConfigurations": "GET.METRICS", "ListBucketAnalyticsConfigurations": "GET.ANALYTICS",
        "ListBucketInventoryConfigurations": "GET.INVENTORY",
        "ListBucketIntelligentTieringConfigurations": "GET.INTELLIGENT_TIERING",
        "CreateBucketMetadataConfiguration": "POST.METADATA_CONFIGURATION",
        "CreateBucketMetadataTableConfiguration": "POST.METADATA_TABLE",
        "UpdateBucketMetadataInventoryTableConfiguration": "PUT.METADATA_INVENTORY_TABLE",
        "UpdateBucketMetadataJournalTableConfiguration": "PUT.METADATA_JOURNAL_TABLE",
    ]

    /// Resources of operations that are called `GetBucketCors`, `PutBucketCors`, `DeleteBucketCors`.
    private static let resources = [
        "BucketAcl": "ACL", "ObjectAcl": "ACL", "BucketPolicy": "BUCKETPOLICY", "BucketPolicyStatus": "POLICY_STATUS",
        "BucketLogging": "LOGGING_STATUS", "BucketVersioning": "VERSIONING", "BucketLocation": "LOCATION",
        "BucketNotificationConfiguration": "NOTIFICATION", "BucketLifecycleConfiguration": "LIFECYCLE",
        "BucketLifecycle": "LIFECYCLE", "BucketRequestPayment": "REQUEST_PAYMENT", "BucketTagging": "TAGGING",
        "ObjectTagging": "OBJECT_TAGGING", "BucketWebsite": "WEBSITE", "BucketCors": "CORS",
        "BucketEncryption": "ENCRYPTION", "BucketReplication": "REPLICATION",
        "BucketAccelerateConfiguration": "ACCELERATE", "BucketAbac": "ABAC",
        "BucketMetricsConfiguration": "METRICS", "BucketAnalyticsConfiguration": "ANALYTICS",
        "BucketInventoryConfiguration": "INVENTORY", "BucketIntelligentTieringConfiguration": "INTELLIGENT_TIERING",
        "BucketMetadataConfiguration": "METADATA_CONFIGURATION", "BucketMetadataTableConfiguration": "METADATA_TABLE",
        "BucketOwnershipControls": "OWNERSHIP_CONTROLS",
        "PublicAccessBlock": "PUBLIC_ACCESS_BLOCK", "ObjectLockConfiguration": "OBJECT_LOCK_CONFIGURATION",
        "ObjectRetention": "OBJECT_LOCK_RETENTION", "ObjectLegalHold": "OBJECT_LOCK_LEGALHOLD",
    ]

    /// `nil` for operations on no bucket.
    static func name(of operation: String) -> String? {
        if let name = names[operation] { return "REST.\(name)" }
        for verb in ["Get", "Put", "Delete"] where operation.hasPrefix(verb) {
            return resources[String(operation.dropFirst(verb.count))].map { "REST.\(verb.uppercased()).\($0)" }
        }
        return nil
    }

    /// The status of its success; the reply has that of the bus.
    static func status(of operation: String, isPartial: Bool) -> Int {
        if isPartial { return 206 }
        let isEmpty = operation.hasPrefix("Delete") && operation != "DeleteObjects"
        return isEmpty || operation == "AbortMultipartUpload" || operation == "PutBucketPolicy" ? 204 : 200
    }

    /// Whether the answer tells sizes and versions; those of the others may be long and tell nothing.
    static func hasTellingAnswer(_ operation: String) -> Bool {
        ["GetObject", "HeadObject", "PutObject", "DeleteObject", "DeleteObjects", "CopyObject"].contains(operation)
            || operation == "CompleteMultipartUpload"
    }
}
