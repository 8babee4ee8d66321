import ServiceKit

/// Lists what happened in a stack, in one operation on it, or in the making of a change set, the newest first.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeEvents.html)
struct DescribeEvents: AWSOperation {
    struct Input: InputShape {
        struct Filters: InputShape {
            let failedEvents: Bool?
            init(_ member: Members) throws { failedEvents = try member("FailedEvents") }
        }

        let stackName: String?
        let changeSetName: String?
        let operationID: String?
        let filters: Filters?
        let token: String?

        init(_ member: Members) throws {
            stackName = try member("StackName")
            changeSetName = try member("ChangeSetName")
            operationID = try member("OperationId")
            filters = try member("Filters")
            token = try member("NextToken")
        }

        var wantsFailures: Bool { filters?.failedEvents ?? false }
    }

    enum Event: OutputShape {
        case inOperation(OperationEvent)
        case ofChangeSet(ChangeSetEvent)

        func write(to json: inout JSONWriter) {
            switch self {
            case .inOperation(let event): event.write(to: &json)
            case .ofChangeSet(let event): event.write(to: &json)
            }
        }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        if let name = input.stackName { return [try await store.permission(on: name, in: call)] }
        if let set = input.changeSetName { return [try await store.permission(onChangeSet: set, of: nil, in: call)] }
        let operation = input.operationID ?? ""
        let stack = try await store.read { try $0.stack(withOperation: operation, at: Place(call)) }
        if let stack { return [try await store.permission(on: stack.id, in: call)] }
        return [Permission(on: ARN("cloudformation", region: call.region, account: call.account, "stack/*/*"))]
    }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<Event> {
        let place = Place(call)
        if let name = input.changeSetName {
            let (set, _) = try await store.read { try $0.requiredChangeSet(name, of: input.stackName, at: place) }
            let isWanted = set.status == .failed || !input.wantsFailures
            return ListOutput("OperationEvents", all: isWanted ? [.ofChangeSet(ChangeSetEvent(set: set))] : [])
        }
        return try await store.read { snapshot in
            let stack = try stack(of: input, in: snapshot, at: place)
            let page = try page(of: stack, input, in: snapshot)
            var kinds: [String: StackOperation.Kind] = [:]
            for operation in Set(page.elements.compactMap(\.event.operation)) {
                kinds[operation] = try snapshot.kind(ofOperation: operation)
            }
            return ListOutput(
                "OperationEvents",
                page.map { entry in
                    let kind = entry.event.operation.flatMap { kinds[$0] }
                    return .inOperation(OperationEvent(stackID: stack.id, event: entry.event, operationKind: kind))
                })
        }
    }

    private func stack(of input: Input, in snapshot: StackSnapshot<Snapshot>, at place: Place) throws -> Stack {
        if let name = input.stackName { return try snapshot.namedStack(name, at: place) }
        guard let operation = input.operationID else {
            throw ServiceError.validation("One of StackName, ChangeSetName or OperationId must be specified.")
        }
        guard let stack = try snapshot.stack(withOperation: operation, at: place) else {
            throw ServiceError.validation("Operation [\(operation)] does not exist")
        }
        return stack
    }

    /// Reads on until the page is full: what is wanted of a stack's events may lie far apart.
    private func page(
        of stack: Stack, _ input: Input, in snapshot: StackSnapshot<Snapshot>
    ) throws -> Page<(sequence: Int64, event: StackEvent)> {
        let scope = "DescribeEvents \(stack.id) \(input.operationID ?? "") \(input.wantsFailures)"
        var before = Int64(try store.pages.start(input.token, scope: scope)) ?? .max
        var window: [(sequence: Int64, event: StackEvent)] = []
        while window.count <= StackStore.pageSize {
            let events = try snapshot.events(of: stack.id, before: before, limit: StackStore.pageSize)
            guard let last = events.last else { break }
            before = last.0
            for (sequence, event) in events where isWanted(event, by: input) { window.append((sequence, event)) }
        }
        return store.pages.page(of: window, limit: StackStore.pageSize, scope: scope, position: { "\($0.sequence)" })
    }

    private func isWanted(_ event: StackEvent, by input: Input) -> Bool {
        (input.operationID == nil || event.operation == input.operationID)
            && (!input.wantsFailures || event.isFailure)
    }
}
