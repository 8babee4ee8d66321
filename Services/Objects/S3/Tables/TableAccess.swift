import ServiceKit

/// What decides about requests to a table bucket or a table besides their caller's own policies: read and parsed once,
/// for it is asked with every request, those for a table's files included.
struct TableAccess: Sendable {
    let arn: ARN
    /// Its own, and of a table its bucket's too.
    let policy: Policy?
    let conditions: [String: [String]]

    /// - Throws: what parsing throws.
    init(_ bucket: TableBucket) throws {
        arn = bucket.arn
        policy = try bucket.policyText.map { try Policy.parse($0) }
        conditions = bucket.tags.conditions("aws:ResourceTag").merging(Self.conditions(of: bucket)) { $1 }
    }

    /// - Throws: what parsing throws.
    init(_ table: IcebergTable) throws {
        let bucket = try TableAccess(table.bucket)
        arn = table.arn
        if let own = try table.policyText.map({ try Policy.parse($0) }) {
            policy = bucket.policy?.joined(with: own) ?? own
        } else {
            policy = bucket.policy
        }
        conditions = table.tags.conditions("aws:ResourceTag").merging(Self.conditions(of: table.bucket)) { $1 }
            .merging(Self.conditions(namespace: table.namespace.name, table: table.name)) { $1 }
    }

    static func conditions(namespace: String, table: String) -> [String: [String]] {
        ["s3tables:namespace": [namespace], "s3tables:tableName": [table]]
    }

    /// What is asked about the bucket in requests about what is in it too.
    private static func conditions(of bucket: TableBucket) -> [String: [String]] {
        bucket.tags.conditions("s3tables:TableBucketTag")
    }

    func permission(_ action: String? = nil) -> Permission {
        Permission(action, on: arn, resourcePolicy: policy, context: conditions)
    }
}

extension S3Store {
    /// What a request about a table bucket needs, or about a namespace in it.
    func permission(
        _ action: String? = nil, on reference: TableBucketReference, namespace: String? = nil
    ) async throws -> Permission {
        let access = try await access(to: reference)
        var permission = access?.permission(action) ?? Permission(action, on: reference.arn)
        if let namespace { permission.context["s3tables:namespace"] = [namespace] }
        return permission
    }

    func policy(of reference: TableBucketReference) async throws -> Policy? {
        try await access(to: reference)?.policy
    }

    /// What a request about a table needs. Of one that is not there it is asked of the bucket: who may do it to all tables
    /// learns so.
    func permission(_ action: String? = nil, on input: TableInput) async throws -> Permission {
        let named = try await tableAccess("\(input.bucket.arn) \(input.namespace) \(input.name)") { snapshot in
            guard let bucket = try snapshot.tableBucket(input.bucket),
                let namespace = try snapshot.namespace(input.namespace, in: bucket)
            else { return nil }
            return try snapshot.table(input.name, in: namespace).map { try TableAccess($0) }
        }
        if let named { return named.permission(action) }
        let context = TableAccess.conditions(namespace: input.namespace, table: input.name)
        return try await permission(action, onAbsent: "*", in: input.bucket, context)
    }

    func permission(_ action: String? = nil, on reference: TableReference) async throws -> Permission {
        let numbered = try await tableAccess("\(reference.bucket.arn) \(reference.uuid)") { snapshot in
            guard let bucket = try snapshot.tableBucket(reference.bucket) else { return nil }
            return try snapshot.table(uuid: reference.uuid, in: bucket).map { try TableAccess($0) }
        }
        if let numbered { return numbered.permission(action) }
        return try await permission(action, onAbsent: reference.uuid, in: reference.bucket, [:])
    }

    /// What a request for a file of the table whose bucket that is needs; `nil` where there is no such table.
    func permission(_ action: String, inWarehouse name: String) async throws -> Permission? {
        try await tableAccess(name) { try $0.table(inWarehouse: name).map { try TableAccess($0) } }?.permission(action)
    }

    private func access(to reference: TableBucketReference) async throws -> TableAccess? {
        try await tableAccess("\(reference.arn)") { try $0.tableBucket(reference).map { try TableAccess($0) } }
    }

    private func permission(
        _ action: String?, onAbsent table: String, in bucket: TableBucketReference, _ context: [String: [String]]
    ) async throws -> Permission {
        Permission(
            action, on: "\(bucket.arn)/table/\(table)", owner: bucket.account,
            resourcePolicy: try await policy(of: bucket), context: context)
    }
}

extension Snapshot {
    func tableBucket(_ reference: TableBucketReference) throws -> TableBucket? {
        try tableBucket(reference.name, account: reference.account, region: reference.region)
    }
}
