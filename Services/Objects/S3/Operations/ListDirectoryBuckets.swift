import ServiceKit

/// Answers that there are no directory buckets.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListDirectoryBuckets.html)
struct ListDirectoryBuckets: AWSOperation {
    struct Input: InputShape {
        init(_ member: Members) throws {}
    }

    struct Output: OutputShape {
        func write(to json: inout JSONWriter) { json.member("Buckets") { $0.array { _ in } } }
    }

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("s3express:ListAllMyDirectoryBuckets", on: "*")]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output { Output() }
}
