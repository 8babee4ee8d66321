import ServiceKit

/// Creates a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html)
struct CreateBucket: AWSOperation {
    struct Input: InputShape {
        let name: String
        let location: String?
        let ownership: String
        private let givenOwnership: String?
        let tags: Tags
        let hasObjectLock: Bool
        let access: RequestedAccess

        init(_ member: Members) throws {
            name = try member("Bucket")
            let configuration: JSONValue? = try member("CreateBucketConfiguration")
            location = configuration?["LocationConstraint"]?.string
            tags = try Tags(
                try configuration?["Tags"].map { try [Tag](json: $0) } ?? [], limit: Limits.bucketTags)
            givenOwnership = try member("ObjectOwnership")
            ownership = givenOwnership ?? ObjectOwnership.bucketOwnerEnforced.rawValue
            hasObjectLock = try member("ObjectLockEnabledForBucket") ?? false
            guard BucketName.isValid(name) else { throw ServiceError.invalidBucketName(name) }
            access = try RequestedAccess(member)
            try checkAccess()
        }

        /// What policies may ask of it.
        var conditions: [String: [String]] {
            var keys = access.conditions.merging(tags.resourceConditions) { first, _ in first }
            if let location { keys["s3:locationconstraint"] = [location] }
            if let givenOwnership { keys["s3:x-amz-object-ownership"] = [givenOwnership] }
            return keys
        }

        /// - Throws: `InvalidBucketAclWithObjectOwnership`
        private func checkAccess() throws {
            guard ObjectOwnership(rawValue: ownership) != nil else {
                throw ServiceError.invalidArgument(
                    "Invalid x-amz-object-ownership header", "x-amz-object-ownership", ownership)
            }
            if ownership == ObjectOwnership.bucketOwnerEnforced.rawValue, !access.isPrivate {
                throw ServiceError.listsAreOff
            }
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
        let bucket = ARN("s3", input.name).description
        let needed = [Permission("s3:CreateBucket", on: bucket, context: input.conditions)]
        return needed
            + (input.access.isPrivate
                ? [] : [Permission("s3:PutBucketAcl", on: bucket, context: input.access.conditions)])
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let region = try region(for: input, in: call)
        let owner = CanonicalUser(call.account)
        let list = try input.access.list(owner: owner, bucketOwner: owner)
        let configurations = configurations(of: input, list)
        try await store.database.write { transaction in
            if let existing = try transaction.bucket(named: input.name) {
                guard existing.account == call.account else { throw ServiceError.bucketAlreadyExists }
                // us-east-1 alone takes a repetition for a success.
                if existing.region == "us-east-1", region == "us-east-1" { return }
                throw ServiceError.bucketAlreadyOwnedByYou
            }
            // A new bucket blocks public access; a list that is public comes after that was lifted.
            if list.isPublic { throw ServiceError.publicListInNewBucket }
            try transaction.createBucket(
                named: input.name, account: call.account, region: region, at: call.now,
                versioning: input.hasObjectLock ? .enabled : .unversioned, configurations: configurations)
        }
        return Output(name: input.name)
    }

    private func region(for input: Input, in call: Call) throws -> String {
        guard let location = input.location else {
            // Only where S3 began nothing need be said.
            guard call.region == "us-east-1" else { throw ServiceError.illegalLocation("unspecified") }
            return call.region
        }
        let region = location == "EU" ? "eu-west-1" : location
        if call.region != "us-east-1", region != call.region { throw ServiceError.illegalLocation(region) }
        return region
    }

    private func configurations(of input: Input, _ list: AccessControlList) -> [ConfigurationKind: [UInt8]] {
        var ownership = JSONWriter()
        ownership.object { json in
            json.member("Rules") { $0.array { $0.object { $0.member("ObjectOwnership", input.ownership) } } }
        }
        var all = [
            ConfigurationKind.publicAccessBlock: PublicAccess.initialConfiguration, .ownership: ownership.bytes,
        ]
        if input.hasObjectLock { all[.objectLock] = ObjectLockConfiguration.enabled }
        if !input.access.isPrivate { all[.acl] = list.encoded }
        all[.tagging] = input.tags.bucketConfiguration
        return all
    }
}
