import ServiceKit

/// Describes a namespace.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetNamespace.html)
struct GetNamespace: AWSOperation {
    struct Output: OutputShape {
        let namespace: TableNamespace

        func write(to json: inout JSONWriter) { namespace.write(to: &json) }
    }

    let store: S3Store

    func permissions(for input: TableNamespaceInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket, namespace: input.namespace)]
    }

    func perform(_ input: TableNamespaceInput, in call: Call) async throws -> Output {
        Output(namespace: try await store.read { try $0.existingNamespace(input.namespace, in: input.bucket) })
    }
}
