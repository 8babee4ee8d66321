import ServiceKit

/// Creates a log group.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html)
struct CreateLogGroup: AWSOperation {
    struct Input: InputShape {
        let name: String
        let kmsKeyID: String?
        let tags: [String: String]
        let groupClass: String?

        init(_ member: Members) throws {
            name = try member("logGroupName")
            kmsKeyID = try member("kmsKeyId")
            tags = try member("tags") ?? [:]
            groupClass = try member("logGroupClass")
        }
    }

    let logs: LogStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let address = LogGroupAddress(input.name, in: call)
        let creation = address.permission()
        return input.tags.isEmpty ? [creation] : [creation, address.permission("logs:TagResource")]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = LogGroupAddress(input.name, in: call)
        guard input.tags.count <= 50 else { throw ServiceError.tooManyTags }
        try await logs.write { transaction in
            guard try transaction.logGroup(at: address) == nil else { throw ServiceError.logGroupExists }
            try transaction.insertLogGroup(
                at: address, kmsKeyID: input.kmsKeyID, groupClass: input.groupClass ?? "STANDARD", tags: input.tags,
                at: call.now)
        }
        return NoOutput()
    }
}
