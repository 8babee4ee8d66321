import ServiceKit

/// Adds tags to a log group by its name; superseded by TagResource.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagLogGroup.html)
struct TagLogGroup: AWSOperation {
    struct Input: InputShape {
        let name: String
        let tags: [String: String]

        init(_ member: Members) throws {
            name = try member("logGroupName")
            tags = try member("tags")
        }
    }

    let logs: LogStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [LogGroupAddress(input.name, in: call).permission()]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = LogGroupAddress(input.name, in: call)
        try await logs.write { transaction in
            let group = try transaction.requireLogGroup(at: address)
            try transaction.setTags(input.tags, of: group.id)
            guard try transaction.tags(of: group).count <= 50 else {
                throw ServiceError.invalidParameter("A resource can have no more than 50 tags.")
            }
        }
        return NoOutput()
    }
}
