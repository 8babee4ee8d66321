import ServiceKit

/// Has a bucket keep versions, or stops it; and says whether they go only by a code of root's device.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html)
struct PutBucketVersioning: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let versioning: Bucket.Versioning
        let mfaDelete: Bucket.MFADelete?
        let claim: MFAClaim?

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            claim = try MFAClaim(member)
            let configuration = try Members(try member("VersioningConfiguration"))
            mfaDelete = try (configuration("MFADelete") as String?).flatMap(Bucket.MFADelete.init)
            switch try configuration("Status") as String? {
            case "Enabled": versioning = .enabled
            case "Suspended": versioning = .suspended
            default:
                throw ServiceError(
                    "IllegalVersioningConfigurationException", "The Versioning element must be specified")
            }
        }

        /// - Throws: `AccessDenied`, `InvalidBucketState`
        func check(_ bucket: Bucket, isFactorShown: Bool) throws {
            try bucket.requireSecondFactor(isShown: isFactorShown)
            if mfaDelete == .enabled {
                guard isFactorShown else { throw ServiceError.multiFactorRequired }
                guard bucket.lifecycle == nil else { throw ServiceError.lifecycleBesideMFADelete }
            }
            guard versioning != .enabled else { return }
            if bucket.configurations[.objectLock] != nil { throw ServiceError.versionsNeededBy("An Object Lock") }
            if bucket.replication != nil { throw ServiceError.versionsNeededBy("A replication") }
        }
    }

    let store: S3Store
    let factor: RootFactor

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketVersioning", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let bucket = try await store.bucket(input.bucket)
        // Before a code is spent on what is refused anyway, and once more on the bucket as it is by then.
        try input.check(bucket, isFactorShown: input.claim != nil)
        let isFactorShown = try await factor.take(input.claim, for: bucket, in: call)
        try await store.write(in: input.bucket) { transaction, bucket in
            try input.check(bucket, isFactorShown: isFactorShown)
            try transaction.setVersioning(of: bucket.id, to: input.versioning, mfaDelete: input.mfaDelete)
        }
        return NoOutput()
    }
}
