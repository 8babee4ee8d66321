import ServiceKit

/// Lists what happened to a stack and its resources, the newest first.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html)
struct DescribeStackEvents: AWSOperation {
    struct Entry: OutputShape {
        let stack: Stack
        let event: StackEvent

        func write(to json: inout JSONWriter) {
            json.member("StackId", stack.id)
            json.member("EventId", event.id)
            json.member("StackName", stack.name)
            json.member("OperationId", event.operation)
            json.member("LogicalResourceId", event.logicalID)
            json.member("PhysicalResourceId", event.physicalID)
            json.member("ResourceType", event.type)
            json.member("Timestamp", event.time)
            json.member("ResourceStatus", event.status)
            json.member("ResourceStatusReason", event.reason)
            json.member("ResourceProperties", event.properties)
            json.member("ClientRequestToken", event.clientToken)
        }
    }

    let store: StackStore

    func permissions(for input: StackInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.stackName, in: call)]
    }

    func perform(_ input: StackInput, in call: Call) async throws -> ListOutput<Entry> {
        let stack = try await store.read { try $0.namedStack(input.stackName, at: Place(call)) }
        let page = try await store.pages.page(
            input.token, limit: StackStore.pageSize, scope: "DescribeStackEvents \(stack.id)",
            position: { "\($0.sequence)" }
        ) { after, limit in
            try await store.read { snapshot in
                try snapshot.events(of: stack.id, before: Int64(after) ?? .max, limit: limit)
                    .map { (sequence: $0.0, event: $0.1) }
            }
        }
        return ListOutput("StackEvents", page.map { Entry(stack: stack, event: $0.event) })
    }
}
