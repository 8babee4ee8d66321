import ServiceKit

/// Answers a request to the Iceberg REST endpoint: what the gateway's catalog plane passes on.
///
/// Each is an operation of S3 Tables, by that one's permissions.
///
/// [The endpoint](https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html)
struct AnswerCatalogRequest: AWSOperation {
    /// Of a metadata file: that of a table with all the snapshots it may have is far from it.
    private static let metadataLimit = 16 << 20

    let store: S3Store

    func permissions(for input: PlaneRequest, in call: Call) async throws -> [Permission] {
        switch try CatalogRoute(input) {
        case .configuration(let bucket): [try await store.permission("s3tables:GetTableBucket", on: bucket)]
        case .namespaces(let bucket, _): [try await store.permission("s3tables:ListNamespaces", on: bucket)]
        case .namespace(let bucket, let name, _):
            [try await store.permission("s3tables:GetNamespace", on: bucket, namespace: name)]
        case .tables(let bucket, let name, _):
            [try await store.permission("s3tables:ListTables", on: bucket, namespace: name)]
        case .table(let table):
            [
                try await store.permission("s3tables:GetTableMetadataLocation", on: table),
                try await store.permission("s3tables:GetTableData", on: table),
            ]
        case .tableExists(let table): [try await store.permission("s3tables:GetTable", on: table)]
        case .dropTable(let table): [try await store.permission("s3tables:DeleteTable", on: table)]
        }
    }

    func perform(_ input: PlaneRequest, in call: Call) async throws -> PlaneResponse {
        switch try CatalogRoute(input) {
        case .configuration(let bucket): return try await configuration(bucket)
        case .namespaces(let bucket, let paging): return try await namespaces(bucket, paging, call)
        case .namespace(let bucket, let name, let isAsked):
            return try await namespace(bucket, name, isAsked: isAsked)
        case .tables(let bucket, let namespace, let paging):
            return try await tables(bucket, namespace, paging, call)
        case .table(let table): return try await load(table, call)
        case .tableExists(let table):
            _ = try await existing(table)
            return PlaneResponse(status: 204)
        case .dropTable(let input):
            let table = try await existing(input)
            let files = store.files
            try await store.database.write { transaction in
                let unneeded = try transaction.delete(table)
                transaction.afterCommit { files.remove(unneeded) }
            }
            return PlaneResponse(status: 204)
        }
    }

    private func configuration(_ reference: TableBucketReference) async throws -> PlaneResponse {
        let bucket = try await existing(reference)
        return Self.answer { json in
            json.member("defaults") { $0.object { _ in } }
            json.member("overrides") { json in
                // Encoded once for the address that clients put it into.
                json.object { $0.member("prefix", PercentEncoding.string(bucket.arn.description)) }
            }
            json.member("endpoints", CatalogRoute.endpoints)
        }
    }

    private func namespaces(
        _ reference: TableBucketReference, _ paging: CatalogRoute.Paging, _ call: Call
    ) async throws -> PlaneResponse {
        let bucket = try await existing(reference)
        let page = try await store.tablePage(paging.token, limit: paging.limit, call) { snapshot, name, limit in
            try paging.parent == nil ? snapshot.namespaces(in: bucket, after: name, limit: limit) : []
        } position: {
            $0.name
        } where: { _ in
            true
        }
        return Self.answer { json in
            json.member("namespaces", page.elements.map { [$0.name] })
            json.member("next-page-token", page.next)
        }
    }

    private func namespace(
        _ reference: TableBucketReference, _ name: String, isAsked: Bool
    ) async throws -> PlaneResponse {
        let namespace = try await existingNamespace(name, in: reference)
        if isAsked { return PlaneResponse(status: 204) }
        return Self.answer { json in
            json.member("namespace", [namespace.name])
            json.member("properties") { $0.object { _ in } }
        }
    }

    private func tables(
        _ reference: TableBucketReference, _ name: String, _ paging: CatalogRoute.Paging, _ call: Call
    ) async throws -> PlaneResponse {
        let namespace = try await existingNamespace(name, in: reference)
        let page = try await store.tablePage(paging.token, limit: paging.limit, call) { snapshot, table, limit in
            try snapshot.tables(
                in: namespace.bucket, namespace: name, after: (name, table), limit: limit)
        } position: {
            $0.name
        } where: {
            !$0.metadata.isEmpty
        }
        return Self.answer { json in
            json.member("identifiers") { json in
                json.array { json in
                    for table in page.elements {
                        json.object { json in
                            json.member("namespace", [table.namespace.name])
                            json.member("name", table.name)
                        }
                    }
                }
            }
            json.member("next-page-token", page.next)
        }
    }

    private func load(_ input: TableInput, _ call: Call) async throws -> PlaneResponse {
        var table = try await existing(input)
        while true {
            do {
                let reference = ObjectReference(
                    bucket: BucketReference(name: table.warehouse), key: table.metadata, version: nil)
                let (_, body) = try await store.open(reference, in: call) { 0..<$0.size }
                let metadata = try await body.collect(upTo: Self.metadataLimit)
                return Self.answer { json in
                    json.member("metadata-location", table.metadataLocation)
                    json.member("metadata") { $0.raw(metadata) }
                    json.member("config") { $0.object { _ in } }
                }
            } catch let error as ServiceError where error.code == "NoSuchKey" {
                // A later state came, and this one went, since its row was read.
                let current = try await existing(input)
                guard current.metadata != table.metadata else { throw error }
                table = current
            }
        }
    }

    // MARK: What there is, or Iceberg's errors

    private func existing(_ reference: TableBucketReference) async throws -> TableBucket {
        try await Self.renaming("NotFoundException") { try await store.read { try $0.existing(reference) } }
    }

    private func existingNamespace(
        _ name: String, in reference: TableBucketReference
    ) async throws -> TableNamespace {
        try await Self.renaming("NoSuchNamespaceException") {
            try await store.read { try $0.existingNamespace(name, in: reference) }
        }
    }

    private func existing(_ input: TableInput) async throws -> IcebergTable {
        try await Self.renaming("NoSuchTableException") {
            let table = try await store.read { try $0.existing(input) }
            if table.metadata.isEmpty { throw ServiceError.tableNotFound }
            return table
        }
    }

    private static func renaming<T>(_ code: String, _ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as ServiceError where error.code == "NotFoundException" {
            throw ServiceError(code, error.message, status: 404)
        }
    }

    private static func answer(_ body: (inout JSONWriter) -> Void) -> PlaneResponse {
        var json = JSONWriter()
        json.object(body)
        return PlaneResponse(
            status: 200, headers: [PlaneRequest.Header("Content-Type", "application/json")], bytes: json.bytes)
    }
}
