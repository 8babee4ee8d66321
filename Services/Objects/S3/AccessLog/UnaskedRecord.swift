import ServiceKit

/// A line of an access log about what S3 did by itself, for a lifecycle rule or a job: there is no client, and nothing
/// was asked.
///
/// [Lifecycle and logging](https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html),
/// [jobs that compute checksums](https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-compute-checksums.html)
struct UnaskedRecord: Sendable {
    let operation: String
    let key: String
    let version: String?
    let size: Int64?
    var requester = "AmazonS3"
    /// The call's own, or the job's.
    var requestID: String?
    var status: Int?
    var errorCode: String?

    /// What the log calls a change of class.
    static func transition(to storageClass: String) -> String {
        let suffixes = [
            "STANDARD_IA": "_SIA", "ONEZONE_IA": "_ZIA", "INTELLIGENT_TIERING": "_INT", "GLACIER_IR": "_GIR",
            "DEEP_ARCHIVE": "_GDA",
        ]
        return "S3.TRANSITION\(suffixes[storageClass] ?? "").OBJECT"
    }

    /// The fields of `AccessRecord`, in the same order.
    func line(of bucket: Bucket, _ call: Call) -> String {
        let fields: [String?] = [
            bucket.owner.id, bucket.name, "[\(call.now.commonLogDate)]", nil, requester,
            requestID ?? call.requestID, operation,
            PercentEncoding.string(key, keepingSlash: true), "\"-\"", status.map { "\($0)" }, errorCode,
            nil, size.map { String($0) }, nil, nil,
            "\"-\"", "\"-\"", version, nil, nil, nil, nil, nil, nil, nil, nil,
        ]
        return fields.map { $0 ?? "-" }.joined(separator: " ") + "\n"
    }
}
