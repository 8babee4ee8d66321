import ServiceKit

/// Begins to derive all images of a bucket anew. Input: `Bucket`. Output: as `ListRegenerations` lists it.
struct StartRegeneration: AWSOperation {
    let database: Database
    let objects: Objects

    func permissions(for input: BucketInput, in call: Call) -> [Permission] { [] }

    /// - Throws: `NoSuchBucket`, `InvalidRequest`, `OperationAborted`
    func perform(_ input: BucketInput, in call: Call) async throws -> Regeneration {
        let bucket = try await objects.describe(input.bucket)
        guard let target = bucket.target else {
            throw ServiceError("InvalidRequest", "The bucket \(input.bucket) has no tag apus:thumbnails.")
        }
        let begun = Regeneration(
            bucket: input.bucket, account: bucket.account, region: bucket.region, target: target, started: call.now)
        try await database.write { transaction in
            if try transaction.regeneration(of: begun.bucket)?.state == .running {
                throw ServiceError(
                    "OperationAborted", "The images of \(begun.bucket) are being derived already.", status: 409)
            }
            try transaction.put(begun)
        }
        return begun
    }
}

/// What names a bucket and nothing else.
struct BucketInput: InputShape {
    let bucket: String

    init(_ member: Members) throws { bucket = try member("Bucket") }
}
