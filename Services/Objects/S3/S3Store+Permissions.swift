import ServiceKit

extension S3Store {
    /// An action on the bucket itself: `s3:ListBucket`.
    func permission(
        _ action: String, on reference: BucketReference, in call: Call, context: [String: [String]] = [:]
    ) async throws -> Permission {
        let bucket = try await bucket(reference)
        try bucket.checkPayment(reference.payment, by: call.caller)
        let permission = Permission(
            action, on: bucket.arn.description, owner: bucket.account,
            resourcePolicy: bucket.policy(for: call.caller, doing: action),
            context: try bucket.tagConditions.merging(context) { _, given in given })
        return try await gated(permission, by: reference, key: nil, in: call)
    }

    /// An action on one object: `s3:GetObject`.
    func permission(
        _ action: String, on reference: BucketReference, key: String, in call: Call, context: [String: [String]] = [:]
    ) async throws -> Permission {
        let bucket = try await bucket(reference)
        try bucket.checkPayment(reference.payment, by: call.caller)
        let permission = Permission(
            action, on: bucket.arn(of: key).description, owner: bucket.account,
            resourcePolicy: bucket.policy(for: call.caller, doing: action),
            context: try bucket.tagConditions.merging(context) { _, given in given })
        return try await gated(permission, by: reference, key: key, in: call)
    }
}

extension Bucket {
    /// The bucket policy as far as Block Public Access lets it count for this caller.
    func policy(for caller: Caller) -> Policy? {
        let isOwn = caller.account == account || caller.kind == .service
        let isRestricted = publicAccess.restrictPublicBuckets && isPolicyPublic
        return isRestricted && !isOwn ? nil : policy
    }
}
