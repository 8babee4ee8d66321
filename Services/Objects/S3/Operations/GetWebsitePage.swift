import ServiceKit

/// Answers a request to a bucket's website: what the gateway's website plane passes on.
///
/// [Website endpoints](https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html)
struct GetWebsitePage: AWSOperation {
    let store: S3Store
    let images: ImageDeriver

    /// The bucket's policy is asked for each object, as for anybody without credentials.
    func permissions(for input: PlaneRequest, in call: Call) -> [Permission] { [] }

    func perform(_ input: PlaneRequest, in call: Call) async throws -> PlaneResponse {
        guard input.method == "GET" || input.method == "HEAD" else {
            return WebsitePage.failure(
                ServiceError(
                    "MethodNotAllowed", "The specified method is not allowed against this resource.", status: 405),
                call)
        }
        do {
            let bucket = try await store.bucket(BucketReference(name: input.parameters["Bucket"] ?? ""))
            // Nobody is known here who could pay.
            guard bucket.payment == .bucketOwner else { throw ServiceError.accessDenied }
            return try await WebsiteVisit(
                store: store, images: images, bucket: bucket, request: input, call: call
            ).answer()
        } catch let error as ServiceError {
            return WebsitePage.failure(error, call)
        }
    }
}
