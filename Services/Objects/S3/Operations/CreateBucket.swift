import ServiceKit

/// Creates a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html)
struct CreateBucket: AWSOperation {
    struct Input: InputShape {
        let name: String
        let location: String?
        let ownership: String
        let tags: Tags
        let hasObjectLock: Bool

        init(_ member: Members) throws {
            name = try member("Bucket")
            let configuration: JSONValue? = try member("CreateBucketConfiguration")
            location = configuration?["LocationConstraint"]?.string
            tags = try Tags(
                try configuration?["Tags"].map { try [Tags.Tag](json: $0) } ?? [], limit: Limits.bucketTags)
            ownership = try member("ObjectOwnership") ?? "BucketOwnerEnforced"
            guard BucketName.isValid(name) else { throw ServiceError.invalidBucketName(name) }
            try RequestRefusals.checkAccessControl(member)
            hasObjectLock = try member("ObjectLockEnabledForBucket") ?? false
        }
    }

    struct Output: OutputShape {
        let name: String

        func write(to json: inout JSONWriter) {
            json.member("Location", "/\(name)")
            json.member("BucketArn", ARN("s3", name))
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("s3:CreateBucket", on: ARN("s3", input.name).description)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let region = try region(for: input, in: call)
        try await store.database.write { transaction in
            if let existing = try transaction.bucket(named: input.name) {
                guard existing.account == call.account else { throw ServiceError.bucketAlreadyExists }
                // us-east-1 alone takes a repetition for a success.
                if existing.region == "us-east-1", region == "us-east-1" { return }
                throw ServiceError.bucketAlreadyOwnedByYou
            }
            try transaction.createBucket(
                named: input.name, account: call.account, region: region, at: call.now,
                versioning: input.hasObjectLock ? .enabled : .unversioned, configurations: configurations(of: input))
        }
        return Output(name: input.name)
    }

    private func region(for input: Input, in call: Call) throws -> String {
        guard let location = input.location else { return call.region }
        let region = location == "EU" ? "eu-west-1" : location
        if call.region != "us-east-1", region != call.region { throw ServiceError.illegalLocation(region) }
        return region
    }

    private func configurations(of input: Input) -> [ConfigurationKind: [UInt8]] {
        var ownership = JSONWriter()
        ownership.object { json in
            json.member("Rules") { $0.array { $0.object { $0.member("ObjectOwnership", input.ownership) } } }
        }
        var all = [
            ConfigurationKind.publicAccessBlock: PublicAccess.initialConfiguration, .ownership: ownership.bytes,
        ]
        if input.hasObjectLock { all[.objectLock] = ObjectLockConfiguration.enabled }
        if !input.tags.all.isEmpty {
            var tagging = JSONWriter()
            tagging.object { $0.member("TagSet", input.tags.all) }
            all[.tagging] = tagging.bytes
        }
        return all
    }
}
