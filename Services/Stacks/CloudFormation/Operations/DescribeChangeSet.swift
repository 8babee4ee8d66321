import ServiceKit

/// Tells what a change set would change, and how far it is.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html)
struct DescribeChangeSet: AWSOperation {
    struct Input: InputShape {
        let set: ChangeSetReference
        let token: String?
        let includesValues: Bool

        init(_ member: Members) throws {
            set = try ChangeSetReference(member)
            token = try member("NextToken")
            includesValues = try member("IncludePropertyValues") ?? false
        }
    }

    struct Output: OutputShape {
        let set: ChangeSet
        let stack: Stack
        let changes: Page<ShownChange>

        func write(to json: inout JSONWriter) {
            json.member("ChangeSetName", set.name)
            json.member("ChangeSetId", set.id)
            json.member("StackId", stack.id)
            json.member("StackName", stack.name)
            json.member("Description", set.description)
            json.member("Parameters", set.goal.shownParameters)
            json.member("CreationTime", set.created)
            json.member("ExecutionStatus", set.executionStatus.rawValue)
            json.member("Status", set.status.rawValue)
            json.member("StatusReason", set.statusReason)
            json.member("NotificationARNs", set.goal.notificationARNs)
            json.member("RollbackConfiguration") { $0.object { _ in } }
            json.member("Capabilities", set.goal.capabilities.isEmpty ? nil : set.goal.capabilities)
            json.member("Tags", set.goal.tags.isEmpty ? nil : set.goal.tags)
            json.member("Changes", changes.elements)
            json.member("NextToken", changes.next)
            json.member("IncludeNestedStacks", false)
            json.member("OnStackFailure", set.onFailure?.rawValue)
            json.member("ImportExistingResources", false)
        }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onChangeSet: input.set.name, of: input.set.stackName, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let (set, stack) = try await store.read { snapshot in
            try snapshot.requiredChangeSet(input.set.name, of: input.set.stackName, at: Place(call))
        }
        let page = try store.page(
            of: set.changes, input.token, scope: "DescribeChangeSet \(set.id)", name: \.logicalID)
        return Output(
            set: set, stack: stack,
            changes: page.map { ShownChange(change: $0, includesValues: input.includesValues) })
    }
}
