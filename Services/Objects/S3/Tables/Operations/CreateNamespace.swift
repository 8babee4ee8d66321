import ServiceKit

/// Makes a group for tables in a table bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_CreateNamespace.html)
struct CreateNamespace: AWSOperation {
    struct Input: InputShape {
        let bucket: TableBucketReference
        let name: String

        /// - Throws: `BadRequestException`
        init(_ member: Members) throws {
            bucket = try TableBucketReference(try member("tableBucketARN"))
            guard let name = (try member("namespace") as [String]).first, TableNames.isNamespace(name) else {
                throw ServiceError.badTableRequest("The specified namespace name is not valid.")
            }
            self.name = name
        }
    }

    struct Output: OutputShape {
        let namespace: TableNamespace

        func write(to json: inout JSONWriter) {
            json.member("tableBucketARN", namespace.bucket.arn.description)
            json.member("namespace", [namespace.name])
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket, namespace: input.name)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let namespace = try await store.database.write { transaction in
            let bucket = try transaction.existing(input.bucket)
            if bucket.isManaged { throw ServiceError.managedTableBucket }
            if try transaction.namespace(input.name, in: bucket) != nil { throw ServiceError.namespaceExists }
            return try transaction.createNamespace(input.name, in: bucket, at: call.now)
        }
        return Output(namespace: namespace)
    }
}
