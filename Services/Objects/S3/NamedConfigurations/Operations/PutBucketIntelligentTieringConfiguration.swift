import ServiceKit

/// Keeps a configuration of a bucket's intelligent tiering.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketIntelligentTieringConfiguration.html)
struct PutBucketIntelligentTieringConfiguration: AWSOperation {
    struct Input: InputShape {
        let document: NamedConfigurationDocument
        init(_ member: Members) throws { document = try NamedConfigurationDocument(.intelligentTiering, member) }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let action = NamedConfiguration.intelligentTiering.writeAction
        return [try await store.permission(action, on: input.document.target.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.put(input.document, as: .intelligentTiering)
    }
}
