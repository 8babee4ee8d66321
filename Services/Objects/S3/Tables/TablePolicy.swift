import ServiceKit

/// Rules about the policies attached to table buckets and tables.
///
/// [Resource-based policies](https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-resource-based-policies.html)
enum TablePolicy {
    /// - Parameter covers: whether a statement may be about such a resource.
    /// - Throws: `BadRequestException`
    static func check(_ text: String, covers: (String) -> Bool) throws {
        do {
            let document = try BucketPolicy.checked(Array(text.utf8))
            if document["Statement"]?.oneOrMany.isEmpty == true { throw ServiceError.malformedPolicy }
            try BucketPolicy.checkResources(of: document, naming: covers)
            if BucketPolicy.isPublic(document) {
                throw ServiceError.badTableRequest("The policy grants public access.")
            }
        } catch let error as ServiceError {
            throw ServiceError.badTableRequest(error.message)
        }
    }
}
