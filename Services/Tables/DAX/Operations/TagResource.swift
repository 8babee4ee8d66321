import ServiceKit

/// Adds tags to a cluster, or gives them other values.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_TagResource.html)
struct TagResource: AWSOperation {
    struct Input: InputShape {
        let resourceName: TaggedCluster
        let tags: [Tag]

        init(_ member: Members) throws {
            resourceName = try member("ResourceName")
            tags = try member("Tags")
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.resourceName.permission] }

    func perform(_ input: Input, in call: Call) async throws -> TagsOutput {
        let name = try input.resourceName.name(in: call)
        let cluster = try await store.change(name, at: Place(call)) { cluster, _ in try cluster.add(input.tags) }
        return TagsOutput(tags: cluster.tagList)
    }
}
