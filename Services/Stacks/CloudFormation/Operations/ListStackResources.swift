import ServiceKit

/// Lists the resources of a stack.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html)
struct ListStackResources: AWSOperation {
    let stacks: StackStore

    func permissions(for input: StackInput, in call: Call) async throws -> [Permission] {
        [try await stacks.permission(on: input.stackName, in: call)]
    }

    func perform(_ input: StackInput, in call: Call) async throws -> ListOutput<ResourceDescription> {
        try await stacks.read { snapshot in
            let stack = try snapshot.describedStack(input.stackName, at: Place(call))
            let page = try stacks.page(
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
