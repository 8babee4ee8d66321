import ServiceKit

/// A bucket or an access point whose tags are meant.
struct TaggedResource: Sendable {
    private enum Kind: Sendable {
        case bucket(BucketReference)
        case accessPoint(AccessPointReference)
    }

    private let account: String
    private let arn: ARN
    private let kind: Kind

    /// - Throws: `InvalidRequest` for ARNs of resources that have no tags here.
    init(_ member: Members) throws {
        account = try member("AccountId")
        arn = try member("ResourceArn")
        if let reference = AccessPointReference(arn) {
            kind = .accessPoint(reference)
        } else if arn.service == "s3", arn.account.isEmpty, !arn.resource.contains("/") {
            kind = .bucket(BucketReference(name: arn.resource, expectedOwner: account))
        } else {
            throw ServiceError.invalidRequest("The specified resource ARN is not supported for tagging: \(arn)")
        }
    }

    func permission(_ action: String, context: [String: [String]] = [:]) -> Permission {
        Permission(action, on: arn.description, owner: account, context: context)
    }

    /// - Throws: `NoSuchBucket`, `NoSuchAccessPoint`, `AccessDenied` for one of another account.
    func tags(in store: S3Store) async throws -> Tags {
        switch kind {
        case .bucket(let reference): return try await store.bucket(reference).tags
        case .accessPoint(let reference):
            guard let point = try await store.accessPoint(reference) else { throw ServiceError.noSuchAccessPoint }
            guard point.account == account else { throw ServiceError.accessDenied }
            return point.tags
        }
    }

    /// Replaces the tags by what is made of those that are there.
    func change(in store: S3Store, _ change: @escaping @Sendable ([Tag]) -> [Tag]) async throws {
        switch kind {
        case .bucket(let reference):
            try await store.write(in: reference) { transaction, bucket in
                let tags = try Tags(change(try bucket.tags.all), limit: Limits.bucketTags)
                try transaction.setConfiguration(.tagging, of: bucket.id, to: tags.bucketConfiguration)
            }
        case .accessPoint(let reference):
            try await store.write(reference) { transaction, point in
                guard point.account == account else { throw ServiceError.accessDenied }
                try transaction.setTags(
                    of: point, to: try Tags(change(point.tags.all), limit: Limits.bucketTags))
            }
        }
    }
}

extension Bucket {
    var tags: Tags {
        get throws {
            let set = try configurations[.tagging]?["TagSet"].map { try [Tag](json: $0) }
            return try Tags(set ?? [], limit: Limits.bucketTags)
        }
    }
}

extension Tags {
    /// As `PutBucketTagging` is given it; `nil` for none.
    var bucketConfiguration: [UInt8]? {
        if all.isEmpty { return nil }
        var json = JSONWriter()
        json.object { $0.member("TagSet", all) }
        return json.bytes
    }
}
