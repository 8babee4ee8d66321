import ServiceKit

/// Lists the tables of a table bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_ListTables.html)
struct ListTables: AWSOperation {
    struct Input: InputShape {
        let bucket: TableBucketReference
        let namespace: String?
        let prefix: String
        let token: String?
        let limit: Int

        init(_ member: Members) throws {
            bucket = try TableBucketReference(try member("tableBucketARN"))
            namespace = try member("namespace")
            prefix = try member("prefix") ?? ""
            token = try member("continuationToken")
            limit = try member("maxTables") ?? 1000
        }
    }

    struct Output: OutputShape {
        let page: Page<IcebergTable>

        func write(to json: inout JSONWriter) {
            json.member("tables") { json in
                json.array { json in for table in page.elements { json.object { write(table, to: &$0) } } }
            }
            json.member("continuationToken", page.next)
        }

        private func write(_ table: IcebergTable, to json: inout JSONWriter) {
            json.member("namespace", [table.namespace.name])
            json.member("name", table.name)
            json.member("type", table.bucket.type)
            json.member("tableARN", table.arn.description)
            json.member("createdAt", table.created)
            json.member("modifiedAt", table.modified)
            json.member("managedByService", IcebergTable.manager)
            json.member("namespaceId", table.namespace.uuid)
            json.member("tableBucketId", table.bucket.uuid)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket, namespace: input.namespace)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let page = try await store.tablePage(input.token, limit: input.limit, call) { snapshot, place, limit in
            // Neither has a slash.
            let parts = place.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            return try snapshot.tables(
                in: try snapshot.existing(input.bucket), namespace: input.namespace,
                after: (parts.first ?? "", parts.count > 1 ? parts[1] : ""), limit: limit)
        } position: {
            "\($0.namespace.name)/\($0.name)"
        } where: {
            $0.name.hasPrefix(input.prefix)
        }
        return Output(page: page)
    }
}

extension IcebergTable {
    /// The service that keeps it.
    static let manager = "metadata.s3.amazonaws.com"
}
