import ServiceKit

/// Describes a table.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTable.html)
struct GetTable: AWSOperation {
    struct Input: InputShape {
        fileprivate enum Target: Sendable {
            case named(TableInput)
            case numbered(TableReference)
        }

        fileprivate let target: Target

        init(_ member: Members) throws {
            if let text: String = try member("tableArn") {
                target = .numbered(try TableReference(text))
            } else if try member("tableBucketARN") as String? != nil, try member("namespace") as String? != nil,
                try member("name") as String? != nil
            {
                target = .named(try TableInput(member))
            } else {
                throw ServiceError.badTableRequest(
                    "Either a table ARN, or a table bucket ARN, a namespace and a name must be specified.")
            }
        }
    }

    struct Output: OutputShape {
        let table: IcebergTable

        func write(to json: inout JSONWriter) {
            json.member("name", table.name)
            json.member("type", table.bucket.type)
            json.member("tableARN", table.arn.description)
            json.member("namespace", [table.namespace.name])
            json.member("namespaceId", table.namespace.uuid)
            json.member("versionToken", table.token)
            if !table.metadata.isEmpty { json.member("metadataLocation", table.metadataLocation) }
            json.member("warehouseLocation", table.location)
            json.member("createdAt", table.created)
            json.member("createdBy", table.bucket.account)
            json.member("managedByService", IcebergTable.manager)
            json.member("modifiedAt", table.modified)
            json.member("modifiedBy", table.bucket.account)
            json.member("ownerAccountId", table.bucket.account)
            json.member("format", "ICEBERG")
            json.member("tableBucketId", table.bucket.uuid)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        switch input.target {
        case .named(let table): [try await store.permission(on: table)]
        case .numbered(let table): [try await store.permission(on: table)]
        }
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let table = try await store.read { snapshot in
            switch input.target {
            case .named(let table): return try snapshot.existing(table)
            case .numbered(let table): return try snapshot.existing(table)
            }
        }
        return Output(table: table)
    }
}
