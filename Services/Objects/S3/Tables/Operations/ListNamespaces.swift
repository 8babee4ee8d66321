import ServiceKit

/// Lists the namespaces of a table bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_ListNamespaces.html)
struct ListNamespaces: AWSOperation {
    struct Input: InputShape {
        let bucket: TableBucketReference
        let prefix: String
        let token: String?
        let limit: Int

        init(_ member: Members) throws {
            bucket = try TableBucketReference(try member("tableBucketARN"))
            prefix = try member("prefix") ?? ""
            token = try member("continuationToken")
            limit = try member("maxNamespaces") ?? 1000
        }
    }

    struct Output: OutputShape {
        let page: Page<TableNamespace>

        func write(to json: inout JSONWriter) {
            json.member("namespaces") { json in
                json.array { json in for namespace in page.elements { json.object { namespace.write(to: &$0) } } }
            }
            json.member("continuationToken", page.next)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let page = try await store.tablePage(input.token, limit: input.limit, call) { snapshot, name, limit in
            try snapshot.namespaces(in: try snapshot.existing(input.bucket), after: name, limit: limit)
        } position: {
            $0.name
        } where: {
            $0.name.hasPrefix(input.prefix)
        }
        return Output(page: page)
    }
}

extension TableNamespace {
    func write(to json: inout JSONWriter) {
        json.member("namespace", [name])
        json.member("createdAt", created)
        json.member("createdBy", bucket.account)
        json.member("ownerAccountId", bucket.account)
        json.member("namespaceId", uuid)
        json.member("tableBucketId", bucket.uuid)
    }
}
