import ServiceKit

/// Adds tags to a target, or gives them other values.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TagResource.html)
struct TagResource: AWSOperation {
    struct Input: InputShape {
        let resourceARN: TaggedTarget
        let tags: [String: String]

        init(_ member: Members) throws {
            resourceARN = try member("ResourceARN")
            tags = try member("Tags")
        }
    }

    let scaling: AutoScaling

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.resourceARN.permission] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await scaling.write { transaction in
            var target = try input.resourceARN.target(in: transaction, call)
            try target.add(input.tags)
            try transaction.put(target)
        }
        return NoOutput()
    }
}
