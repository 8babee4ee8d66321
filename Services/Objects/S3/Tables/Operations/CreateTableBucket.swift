import ServiceKit

/// Creates a table bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_CreateTableBucket.html)
struct CreateTableBucket: AWSOperation {
    struct Input: InputShape {
        let name: String
        let encryption: TableEncryption?
        let tags: Tags

        init(_ member: Members) throws {
            name = try member("name")
            encryption = try member("encryptionConfiguration")
            tags = try Tags(ofTables: try member("tags") as [String: String]?)
        }
    }

    struct Output: OutputShape {
        let arn: ARN

        func write(to json: inout JSONWriter) { json.member("arn", arn.description) }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let arn = TableBucket.arn(input.name, account: call.account, region: call.region)
        let given = input.tags.resourceConditions
        let context = (input.encryption ?? TableEncryption(key: nil)).conditions.merging(given) { $1 }
        let tagging = given.isEmpty ? [] : [Permission("s3tables:TagResource", on: arn, context: given)]
        return [Permission(on: arn, context: context)] + tagging + (input.encryption?.permissions ?? [])
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard TableNames.isBucket(input.name) else {
            throw ServiceError.badTableRequest("The specified bucket name is not valid.")
        }
        let bucket = try await store.database.write { transaction in
            if try transaction.tableBucket(input.name, account: call.account, region: call.region) != nil {
                throw ServiceError.tableBucketExists
            }
            return try transaction.createTableBucket(
                input.name, account: call.account, region: call.region, isManaged: false,
                encryptionKey: input.encryption?.key, tags: input.tags, at: call.now)
        }
        return Output(arn: bucket.arn)
    }
}
