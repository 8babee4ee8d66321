/// What S3 documents as its [limits](https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).
enum Limits {
    static let putSize: Int64 = 5 << 30
    static let minimumPartSize: Int64 = 5 << 20
    static let maximumPartNumber = 10_000
    /// Bytes of UTF-8.
    static let keyLength = 1024
    /// Bytes of names and values of user metadata together.
    static let metadataSize = 2048
    static let tags = 10
    static let bucketTags = 50
    static let pageSize = 1000
    static let deleteBatch = 1000
    /// Of an access control list.
    static let grants = 100
    /// Bytes of a bucket policy.
    static let policySize = 20 << 10
}
