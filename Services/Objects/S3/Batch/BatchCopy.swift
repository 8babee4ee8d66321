import ServiceKit

/// Copies as jobs ask for them.
extension BatchOperation {
    private static let passedOn = [
        ("CannedAccessControlList", "ACL"), ("ModifiedSinceConstraint", "CopySourceIfModifiedSince"),
        ("UnModifiedSinceConstraint", "CopySourceIfUnmodifiedSince"), ("RedirectLocation", "WebsiteRedirectLocation"),
        ("StorageClass", "StorageClass"), ("SSEAwsKmsKeyId", "SSEKMSKeyId"),
        ("ObjectLockLegalHoldStatus", "ObjectLockLegalHoldStatus"), ("ObjectLockMode", "ObjectLockMode"),
        ("ObjectLockRetainUntilDate", "ObjectLockRetainUntilDate"), ("BucketKeyEnabled", "BucketKeyEnabled"),
        ("ChecksumAlgorithm", "ChecksumAlgorithm"),
    ]
    private static let headers = [
        ("CacheControl", "CacheControl"), ("ContentDisposition", "ContentDisposition"),
        ("ContentEncoding", "ContentEncoding"), ("ContentLanguage", "ContentLanguage"),
        ("ContentType", "ContentType"), ("HttpExpiresDate", "Expires"), ("UserMetadata", "Metadata"),
    ]
    private static let grants = [
        "FULL_CONTROL": "GrantFullControl", "READ": "GrantRead", "READ_ACP": "GrantReadACP", "WRITE": "GrantWrite",
        "WRITE_ACP": "GrantWriteACP",
    ]

    var targetBucket: String? {
        guard let arn = options["TargetResource"]?.string.flatMap(ARN.init), arn.service == "s3" else { return nil }
        return arn.account.isEmpty ? arn.resource : arn.description
    }

    func writeCopy(of source: BatchTarget, to json: inout JSONWriter) {
        let folder = options["TargetKeyPrefix"]?.string.map { $0.hasSuffix("/") ? $0 : "\($0)/" } ?? ""
        let version = source.version.map { "?versionId=\($0)" } ?? ""
        json.member("Bucket", targetBucket)
        json.member("Key", folder + source.key)
        json.member(
            "CopySource", "\(source.bucket)/\(PercentEncoding.string(source.key, keepingSlash: true))\(version)")
        if options["RequesterPays"]?.bool ?? false { json.member("RequestPayer", "requester") }
        for (name, member) in Self.passedOn { json.member(member, options[name]) }
        writeMetadata(to: &json)
        writeTags(to: &json)
        writeGrants(to: &json)
    }

    /// What is given replaces what the source has, unless the job says otherwise.
    private func writeMetadata(to json: inout JSONWriter) {
        let given = options["NewObjectMetadata"]
        let hasHeaders = Self.headers.contains { given?[$0.0] != nil }
        let directive = options["MetadataDirective"]?.string ?? (hasHeaders ? "REPLACE" : "COPY")
        json.member("MetadataDirective", directive)
        if directive == "REPLACE" { for (name, member) in Self.headers { json.member(member, given?[name]) } }
        switch given?["SSEAlgorithm"]?.string {
        case "AES256": json.member("ServerSideEncryption", "AES256")
        case "KMS": json.member("ServerSideEncryption", "aws:kms")
        default: if options["SSEAwsKmsKeyId"] != nil { json.member("ServerSideEncryption", "aws:kms") }
        }
    }

    private func writeTags(to json: inout JSONWriter) {
        guard let tags = options["NewObjectTagging"]?.elements else { return }
        let pairs = tags.map { tag in
            [tag["Key"], tag["Value"]].map { PercentEncoding.string($0?.string ?? "") }.joined(separator: "=")
        }
        json.member("TaggingDirective", "REPLACE")
        json.member("Tagging", pairs.joined(separator: "&"))
    }

    private func writeGrants(to json: inout JSONWriter) {
        var grantees: [String: [String]] = [:]
        for grant in options["AccessControlGrants"]?.elements.map(\.self) ?? [] {
            guard let member = grant["Permission"]?.string.flatMap({ Self.grants[$0] }),
                let type = grant["Grantee"]?["TypeIdentifier"]?.string,
                let name = grant["Grantee"]?["Identifier"]?.string
            else { continue }
            grantees[member, default: []].append("\(type)=\"\(name)\"")
        }
        for (member, list) in grantees { json.member(member, list.joined(separator: ", ")) }
    }
}
