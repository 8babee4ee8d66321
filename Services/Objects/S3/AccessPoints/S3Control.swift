import ServiceKit

/// Amazon S3 Control: access points, jobs, what an account forbids all its buckets, and tags of S3's resources.
enum S3Control {
    static func service(_ store: S3Store) -> AWSService {
        AWSService(
            "s3control", actionPrefix: "s3",
            errors: AWSService.ErrorForms(accessDenied: "AccessDenied", status: 403, validation: "InvalidRequest"),
            // The model's pattern would refuse the ARNs of buckets, which AWS's guide to their tags shows.
            ownEnumerations: ["ResourceArn"],
            operations: accessPointOperations(store) + jobOperations(store) + [
                GetPublicAccessBlock(store: store), PutPublicAccessBlock(store: store),
                DeletePublicAccessBlock(store: store), ListTagsForResource(store: store), TagResource(store: store),
                UntagResource(store: store),
            ])
    }

    private static func jobOperations(_ store: S3Store) -> [any AWSOperation] {
        [
            CreateJob(store: store), DescribeJob(store: store), ListJobs(store: store),
            UpdateJobPriority(store: store), UpdateJobStatus(store: store), GetJobTagging(store: store),
            PutJobTagging(store: store), DeleteJobTagging(store: store),
        ]
    }

    private static func accessPointOperations(_ store: S3Store) -> [any AWSOperation] {
        [
            CreateAccessPoint(store: store), GetAccessPoint(store: store), DeleteAccessPoint(store: store),
            ListAccessPoints(store: store), GetAccessPointPolicy(store: store), PutAccessPointPolicy(store: store),
            DeleteAccessPointPolicy(store: store), GetAccessPointPolicyStatus(store: store),
        ]
    }
}

/// The input of operations that say no more than which access point they mean.
struct AccessPointInput: InputShape {
    let account: String
    let name: String

    init(_ member: Members) throws {
        account = try member("AccountId")
        name = try member("Name")
    }

    func reference(in call: Call) -> AccessPointReference {
        .arn(region: call.region, account: account, name: name)
    }

    func permission(_ action: String, in call: Call) -> Permission {
        let arn = ARN("s3", region: call.region, account: account, "accesspoint/\(name)")
        return Permission(action, on: arn)
    }
}

extension S3Store {
    /// - Throws: `NoSuchAccessPoint`
    func existingAccessPoint(_ input: AccessPointInput, in call: Call) async throws -> AccessPoint {
        guard let point = try await accessPoint(input.reference(in: call)) else {
            throw ServiceError.noSuchAccessPoint
        }
        return point
    }

    /// Changes an access point as it is now.
    ///
    /// - Throws: `NoSuchAccessPoint`
    func write(
        _ reference: AccessPointReference, _ body: @escaping @Sendable (Transaction, AccessPoint) throws -> Void
    ) async throws {
        try await database.write { transaction in
            guard let point = try transaction.accessPoint(reference) else { throw ServiceError.noSuchAccessPoint }
            try body(transaction, point)
        }
    }
}
