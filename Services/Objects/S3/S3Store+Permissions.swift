import ServiceKit

extension S3Store {
    /// An action on the bucket itself: `s3:ListBucket`.
    func permission(
        _ action: String, on reference: BucketReference, in call: Call, context: [String: [String]] = [:]
    ) async throws -> Permission {
        let bucket = try await bucket(reference)
        if bucket.isWarehouse { return try await tableDataPermission(bucket, in: call) }
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
        if bucket.isWarehouse { return try await tableDataPermission(bucket, in: call) }
        try bucket.checkPayment(reference.payment, by: call.caller)
        let permission = Permission(
            action, on: bucket.arn(of: key).description, owner: bucket.account,
            resourcePolicy: bucket.policy(for: call.caller, doing: action),
            context: try bucket.tagConditions.merging(context) { _, given in given })
        return try await gated(permission, by: reference, key: key, in: call)
    }

    /// Writing an object, and each thing that is given with it and has an action of its own.
    func writePermissions(
        on reference: ObjectReference, _ conditions: [String: [String]], _ tags: Tags?, _ access: RequestedAccess,
        _ lock: RequestedLock, in call: Call
    ) async throws -> [Permission] {
        var actions = [(name: "s3:PutObject", context: conditions)]
        if let tags, !tags.all.isEmpty { actions.append(("s3:PutObjectTagging", tags.requestConditions)) }
        if access.isGiven { actions.append(("s3:PutObjectAcl", access.conditions)) }
        actions += lock.actions.map { ($0, lock.conditions(at: call.now)) }
        var needed: [Permission] = []
        for action in actions {
            needed.append(try await permission(action.name, on: reference, in: call, context: action.context))
        }
        return needed
    }

    /// Of a table's files nothing is asked but their bytes, by who may read the table.
    ///
    /// [Access management for S3 Tables](https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-setting-up.html)
    ///
    /// - Throws: `MethodNotAllowed`
    private func tableDataPermission(_ warehouse: Bucket, in call: Call) async throws -> Permission {
        guard call.service == "s3", call.operation == "GetObject" || call.operation == "HeadObject" else {
            throw ServiceError.methodNotAllowed
        }
        guard let permission = try await permission("s3tables:GetTableData", inWarehouse: warehouse.name) else {
            throw ServiceError.noSuchBucket(warehouse.name)
        }
        return permission
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
