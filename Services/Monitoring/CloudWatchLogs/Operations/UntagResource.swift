import ServiceKit

/// Takes tags off a log group.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UntagResource.html)
struct UntagResource: AWSOperation {
    struct Input: InputShape {
        let resource: LogGroupARN
        let keys: [String]

        init(_ member: Members) throws {
            resource = try member("resourceArn")
            keys = try member("tagKeys")
        }
    }

    let logs: LogStore

    func permissions(for input: Input, in call: Call) throws -> [Permission] {
        [Permission(on: try input.resource.address().arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = try input.resource.address()
        try await logs.write { transaction in
            guard let group = try transaction.logGroup(at: address) else { throw ServiceError.resourceDoesNotExist }
            try transaction.removeTags(input.keys, of: group)
        }
        return NoOutput()
    }
}
