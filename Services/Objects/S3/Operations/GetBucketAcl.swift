import ServiceKit

/// Answers a bucket's access control list: the owner's full control, as with `BucketOwnerEnforced`.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html)
struct GetBucketAcl: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketAcl", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> OwnerFullControl {
        OwnerFullControl(owner: try await store.bucket(input.bucket).ownerID)
    }
}

/// The only access control list there is where the bucket's owner owns everything in it.
struct OwnerFullControl: OutputShape {
    let owner: String

    func write(to json: inout JSONWriter) {
        json.member("Owner") { $0.object { $0.member("ID", owner) } }
        json.member("Grants") { json in
            json.array { json in
                json.object { json in
                    json.member("Grantee") { json in
                        json.object { json in
                            json.member("ID", owner)
                            json.member("Type", "CanonicalUser")
                        }
                    }
                    json.member("Permission", "FULL_CONTROL")
                }
            }
        }
    }
}
