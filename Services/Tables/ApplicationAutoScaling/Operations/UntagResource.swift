import ServiceKit

/// Takes tags from a target.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_UntagResource.html)
struct UntagResource: AWSOperation {
    struct Input: InputShape {
        let resourceARN: TaggedTarget
        let tagKeys: [String]

        init(_ member: Members) throws {
            resourceARN = try member("ResourceARN")
            tagKeys = try member("TagKeys")
        }
    }

    let scaling: AutoScaling

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.resourceARN.permission] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await scaling.write { transaction in
            var target = try input.resourceARN.target(in: transaction, call)
            for key in input.tagKeys { target.tags[key] = nil }
            try transaction.put(target)
        }
        return NoOutput()
    }
}
