import ServiceKit

/// Answers a job's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetJobTagging.html)
struct GetJobTagging: AWSOperation {
    struct Output: OutputShape {
        let tags: Tags
        func write(to json: inout JSONWriter) { json.member("Tags", tags.all) }
    }

    let store: S3Store

    func permissions(for input: JobInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetJobTagging", onJob: input, in: call)]
    }

    func perform(_ input: JobInput, in call: Call) async throws -> Output {
        Output(tags: try await store.job(input, in: call).tags)
    }
}
