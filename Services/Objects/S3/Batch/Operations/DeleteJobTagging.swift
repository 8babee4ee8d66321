import ServiceKit

/// Removes a job's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_DeleteJobTagging.html)
struct DeleteJobTagging: AWSOperation {
    let store: S3Store

    func permissions(for input: JobInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:DeleteJobTagging", onJob: input, in: call)]
    }

    func perform(_ input: JobInput, in call: Call) async throws -> NoOutput {
        try await store.write(input, in: call) { try $0.setTags(of: $1, to: .empty) }
        return NoOutput()
    }
}
