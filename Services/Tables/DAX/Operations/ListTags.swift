import ServiceKit

/// Lists the tags of a cluster, all on one page: there are at most fifty.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_ListTags.html)
struct ListTags: AWSOperation {
    struct Input: InputShape {
        let resourceName: TaggedCluster
        let nextToken: String?

        init(_ member: Members) throws {
            resourceName = try member("ResourceName")
            nextToken = try member("NextToken")
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.resourceName.permission] }

    func perform(_ input: Input, in call: Call) async throws -> TagsOutput {
        guard input.nextToken == nil else { throw ServiceError.invalidParameterValue("The NextToken is not valid.") }
        let name = try input.resourceName.name(in: call)
        return TagsOutput(tags: try await store.read { try $0.cluster(name, at: Place(call)).tagList })
    }
}
