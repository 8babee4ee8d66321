import ServiceKit

/// Deletes a namespace without tables.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_DeleteNamespace.html)
struct DeleteNamespace: AWSOperation {
    let store: S3Store

    func permissions(for input: TableNamespaceInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket, namespace: input.namespace)]
    }

    func perform(_ input: TableNamespaceInput, in call: Call) async throws -> NoOutput {
        try await store.database.write { transaction in
            let namespace = try transaction.existingNamespace(input.namespace, in: input.bucket)
            guard try transaction.deleteNamespaceIfEmpty(namespace) else { throw ServiceError.namespaceNotEmpty }
        }
        return NoOutput()
    }
}
