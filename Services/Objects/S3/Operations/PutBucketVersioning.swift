import ServiceKit

/// Has a bucket keep versions, or stops it.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html)
struct PutBucketVersioning: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let versioning: Bucket.Versioning

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            let configuration = try Members(try member("VersioningConfiguration"))
            if configuration.contains("MFADelete"), try configuration("MFADelete") == "Enabled" {
                // Nobody has a device here: whoever brings no code is refused as by AWS, whoever does is told why.
                guard try member("MFA") as String? != nil else { throw ServiceError.multiFactorRequired }
                throw ServiceError.notImplemented("MFA Delete")
            }
            switch try configuration("Status") as String? {
            case "Enabled": versioning = .enabled
            case "Suspended": versioning = .suspended
            default:
                throw ServiceError(
                    "IllegalVersioningConfigurationException", "The Versioning element must be specified")
            }
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketVersioning", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write(in: input.bucket) { transaction, bucket in
            if input.versioning != .enabled {
                if bucket.configurations[.objectLock] != nil { throw ServiceError.versionsNeededBy("An Object Lock") }
                if bucket.replication != nil { throw ServiceError.versionsNeededBy("A replication") }
            }
            try transaction.setVersioning(of: bucket.id, to: input.versioning)
        }
        return NoOutput()
    }
}
