import ServiceKit

/// Takes tags off a cluster, and answers those it took.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_UntagResource.html)
struct UntagResource: AWSOperation {
    struct Input: InputShape {
        let resourceName: TaggedCluster
        let tagKeys: [String]

        init(_ member: Members) throws {
            resourceName = try member("ResourceName")
            tagKeys = try member("TagKeys")
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.resourceName.permission] }

    func perform(_ input: Input, in call: Call) async throws -> TagsOutput {
        let place = Place(call)
        let name = try input.resourceName.name(in: call)
        let removed = try await store.write(at: place) { transaction in
            var cluster = try transaction.cluster(name, at: place)
            let before = cluster.tagList
            for key in input.tagKeys {
                guard cluster.tags.removeValue(forKey: key) != nil else { throw ServiceError.noTag(key) }
            }
            try transaction.put(cluster, at: place)
            return before.filter { cluster.tags[$0.key] == nil }
        }
        return TagsOutput(tags: removed)
    }
}
