import ServiceKit

/// Gives a bucket another name, with a policy of its own.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateAccessPoint.html)
struct CreateAccessPoint: AWSOperation {
    struct Input: InputShape {
        let point: AccessPointInput
        let bucket: String
        let bucketAccount: String?
        let vpc: String?
        let publicAccessBlock: JSONValue?
        let tags: Tags

        init(_ member: Members) throws {
            point = try AccessPointInput(member)
            bucket = try member("Bucket")
            bucketAccount = try member("BucketAccountId")
            vpc = try (member("VpcConfiguration") as JSONValue?)?["VpcId"]?.string
            publicAccessBlock = try member("PublicAccessBlockConfiguration")
            tags = try Tags(try member("Tags") ?? [], limit: Limits.bucketTags)
            if try member("Scope") as JSONValue? != nil {
                throw ServiceError.invalidRequest("Scope is supported for access points of directory buckets only.")
            }
            guard AccessPoint.isValid(point.name) else {
                throw ServiceError.invalidRequest("The specified access point name is not valid.")
            }
        }
    }

    struct Output: OutputShape {
        let point: AccessPoint

        func write(to json: inout JSONWriter) {
            json.member("AccessPointArn", point.arn)
            json.member("Alias", point.alias)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] {
        var permission = input.point.permission("s3:CreateAccessPoint", in: call)
        permission.context["s3:AccessPointNetworkOrigin"] = [input.vpc == nil ? "Internet" : "VPC"]
        permission.context.merge(input.tags.resourceConditions) { first, _ in first }
        var tagging = input.point.permission("s3:TagResource", in: call)
        tagging.context = input.tags.resourceConditions
        return [permission] + (input.tags.all.isEmpty ? [] : [tagging])
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let reference = input.point.reference(in: call)
        return try await store.write(in: BucketReference(name: input.bucket)) { transaction, bucket in
            guard bucket.account == input.bucketAccount ?? input.point.account else { throw ServiceError.accessDenied }
            guard bucket.region == call.region else {
                throw ServiceError.invalidRequest("The access point and its bucket must be in the same region.")
            }
            guard try transaction.accessPoint(reference) == nil else { throw ServiceError.accessPointIsYours }
            let point = try point(input, of: bucket, in: call)
            try transaction.insert(point)
            return Output(point: point)
        }
    }

    private func point(_ input: Input, of bucket: Bucket, in call: Call) throws -> AccessPoint {
        let block = try input.publicAccessBlock ?? JSONDocument(PublicAccess.initialConfiguration).root
        return try AccessPoint(
            account: input.point.account, region: call.region, name: input.point.name, bucket: bucket.name,
            bucketAccount: bucket.account, alias: AccessPoint.newAlias(for: input.point.name), vpc: input.vpc,
            created: call.now, publicAccessBlock: block, policyText: nil, tags: input.tags,
            accountAccess: PublicAccess(nil))
    }
}

extension ServiceError {
    fileprivate static let accessPointIsYours = ServiceError(
        "AccessPointAlreadyOwnedByYou",
        "Your previous request to create the named accesspoint succeeded and you already own it.", status: 409)
}
