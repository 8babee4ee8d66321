import ServiceKit

/// Lists a target's tags.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ListTagsForResource.html)
struct ListTagsForResource: AWSOperation {
    struct Input: InputShape {
        let resourceARN: TaggedTarget

        init(_ member: Members) throws { resourceARN = try member("ResourceARN") }
    }

    struct Output: OutputShape {
        let tags: [String: String]

        func write(to json: inout JSONWriter) { json.member("Tags", tags) }
    }

    let scaling: AutoScaling

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.resourceARN.permission] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let target = try await scaling.read { try input.resourceARN.target(in: $0, call) }
        return Output(tags: target.tags)
    }
}
