import ServiceKit

/// Answers whether policies see a bucket's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAbac.html)
struct GetBucketAbac: AWSOperation {
    struct Output: OutputShape {
        let isEnabled: Bool

        func write(to json: inout JSONWriter) {
            json.member("AbacStatus") { $0.object { $0.member("Status", isEnabled ? "Enabled" : "Disabled") } }
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketAbac", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        Output(isEnabled: try await store.bucket(input.bucket).showsTags)
    }
}

extension Bucket {
    /// Whether policies see its tags: attribute-based access control is on.
    var showsTags: Bool { configurations[.abac]?["Status"]?.string == "Enabled" }

    /// Condition keys for the tags of the bucket, where policies see them.
    var tagConditions: [String: [String]] {
        get throws {
            guard showsTags else { return [:] }
            return try tags.all.reduce(into: [:]) { keys, tag in
                keys["aws:ResourceTag/\(tag.key)"] = [tag.value]
                keys["s3:BucketTag/\(tag.key)"] = [tag.value]
            }
        }
    }

    /// - Throws: `InvalidRequest` where policies see the tags: then S3 Control's TagResource alone, which policies can be
    ///   about, changes them.
    func checkOldTagging() throws {
        guard showsTags else { return }
        throw ServiceError.invalidRequest(
            "This operation is not supported for buckets with ABAC enabled. Use TagResource or UntagResource instead.")
    }
}
