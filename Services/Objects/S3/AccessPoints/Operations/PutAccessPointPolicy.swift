import ServiceKit

/// Attaches a policy to an access point.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutAccessPointPolicy.html)
struct PutAccessPointPolicy: AWSOperation {
    struct Input: InputShape {
        let point: AccessPointInput
        let policy: String

        init(_ member: Members) throws {
            point = try AccessPointInput(member)
            policy = try member("Policy")
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [input.point.permission("s3:PutAccessPointPolicy", in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let document = try BucketPolicy.checked(Array(input.policy.utf8))
        try await store.write(input.point.reference(in: call)) { transaction, point in
            if point.publicAccess.blockPublicPolicy, BucketPolicy.isPublic(document) {
                throw ServiceError.publicAccessPointPolicyBlocked
            }
            try BucketPolicy.checkResources(of: document, naming: { point.owns($0) })
            try transaction.setPolicy(of: point, to: input.policy)
        }
        return NoOutput()
    }
}

extension AccessPoint {
    /// Policies name the access point itself, or objects behind it.
    fileprivate func owns(_ resource: String) -> Bool {
        let own = arn.description
        return resource == own || resource.hasPrefix("\(own)/object/")
    }
}

extension ServiceError {
    fileprivate static let publicAccessPointPolicyBlocked = ServiceError(
        "AccessDenied",
        "User is not authorized to perform: s3:PutAccessPointPolicy because public policies are prevented by the "
            + "BlockPublicPolicy setting in S3 Block Public Access.", status: 403)
}
