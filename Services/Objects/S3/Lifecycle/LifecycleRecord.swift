import ServiceKit

/// A line of an access log about what a lifecycle rule did: there is no client, and nothing was asked.
///
/// [Lifecycle and logging](https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html)
struct LifecycleRecord: Sendable {
    private static let requester = "AmazonS3"

    let operation: String
    let key: String
    let version: String?
    let size: Int64?

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
            bucket.owner.id, bucket.name, "[\(call.now.commonLogDate)]", nil, Self.requester, call.requestID, operation,
            PercentEncoding.string(key, keepingSlash: true), "\"-\"", nil, nil, nil, size.map { String($0) }, nil, nil,
            "\"-\"", "\"-\"", version, nil, nil, nil, nil, nil, nil, nil, nil,
        ]
        return fields.map { $0 ?? "-" }.joined(separator: " ") + "\n"
    }
}
