import ServiceKit

/// Lists the resources of a stack.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html)
struct ListStackResources: AWSOperation {
    let store: StackStore

    func permissions(for input: StackInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.stackName, in: call)]
    }

    func perform(_ input: StackInput, in call: Call) async throws -> ListOutput<ResourceDescription> {
        try await store.read { snapshot in
            let stack = try snapshot.describedStack(input.stackName, at: Place(call))
            let page = try store.page(
                of: try snapshot.resources(of: stack.id), input.token, scope: "ListStackResources \(stack.id)",
                name: \.logicalID)
            return ListOutput(
                "StackResourceSummaries",
                page.map {
                    ResourceDescription(
                        stack: stack, resource: $0, timeName: "LastUpdatedTimestamp", namesStack: false)
                })
        }
    }
}
