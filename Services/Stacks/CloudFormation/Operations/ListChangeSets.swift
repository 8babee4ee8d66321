import ServiceKit

/// Lists the change sets of a stack.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListChangeSets.html)
struct ListChangeSets: AWSOperation {
    struct Entry: OutputShape {
        let set: ChangeSet
        let stack: Stack

        func write(to json: inout JSONWriter) {
            json.member("StackId", stack.id)
            json.member("StackName", stack.name)
            json.member("ChangeSetId", set.id)
            json.member("ChangeSetName", set.name)
            json.member("ExecutionStatus", set.executionStatus.rawValue)
            json.member("Status", set.status.rawValue)
            json.member("StatusReason", set.statusReason)
            json.member("CreationTime", set.created)
            json.member("Description", set.description)
            json.member("IncludeNestedStacks", false)
            json.member("ImportExistingResources", false)
        }
    }

    let store: StackStore

    func permissions(for input: StackInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.stackName, in: call)]
    }

    func perform(_ input: StackInput, in call: Call) async throws -> ListOutput<Entry> {
        try await store.read { snapshot in
            let stack = try snapshot.namedStack(input.stackName, at: Place(call))
            let page = try store.page(
                of: try snapshot.changeSets(of: stack.id), input.token, scope: "ListChangeSets \(stack.id)",
                name: \.name)
            return ListOutput("Summaries", page.map { Entry(set: $0, stack: stack) })
        }
    }
}
