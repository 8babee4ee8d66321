import ServiceKit

/// The object a copy reads: the `x-amz-copy-source` header.
struct CopySource: Sendable {
    let object: ObjectReference
    let preconditions: Preconditions

    /// - Throws: `InvalidArgument` for anything but `bucket/key`, with or without a slash before and a version behind.
    init(_ member: Members) throws {
        let header: String = try member("CopySource")
        preconditions = try Preconditions(member, prefix: "CopySource")
        let parts = header.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var version: String?
        if parts.count == 2 {
            guard parts[1].hasPrefix("versionId=") else { throw Self.invalid(header) }
            version = String(parts[1].dropFirst("versionId=".count))
        }
        guard let bytes = PercentEncoding.decode(parts[0].utf8), let path = String(validating: bytes, as: UTF8.self)
        else { throw Self.invalid(header) }
        guard let (bucket, key) = Self.names(in: path) else { throw Self.invalid(header) }
        object = ObjectReference(
            bucket: BucketReference(
                name: bucket, expectedOwner: try member("ExpectedSourceBucketOwner"),
                payment: try RequestPayment.Consent(member)),
            key: key, version: version)
    }

    /// `bucket/key`, or `arn:aws:s3:region:account:accesspoint/name/object/key`.
    private static func names(in path: String) -> (bucket: String, key: String)? {
        if path.hasPrefix("arn:") {
            guard let infix = path.firstRange(of: "/object/"), infix.upperBound < path.endIndex else { return nil }
            return (String(path[..<infix.lowerBound]), String(path[infix.upperBound...]))
        }
        let trimmed = path.hasPrefix("/") ? path.dropFirst() : path[...]
        let names = trimmed.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else { return nil }
        return (String(names[0]), String(names[1]))
    }

    /// As policies name it: `bucket/key`.
    var conditions: [String: [String]] { ["s3:x-amz-copy-source": ["\(object.bucket.name)/\(object.key)"]] }

    private static func invalid(_ header: String) -> ServiceError {
        .invalidArgument(
            "Copy Source must mention the source bucket and key: sourcebucket/sourcekey", "x-amz-copy-source", header)
    }
}
