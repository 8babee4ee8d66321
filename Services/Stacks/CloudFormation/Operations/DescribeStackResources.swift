import ServiceKit

/// Tells of the first hundred resources of a stack, or of the stack that a resource belongs to.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html)
struct DescribeStackResources: AWSOperation {
    struct Input: InputShape {
        let stackName: String?
        let logicalID: String?
        let physicalID: String?

        init(_ member: Members) throws {
            stackName = try member("StackName")
            logicalID = try member("LogicalResourceId")
            physicalID = try member("PhysicalResourceId")
        }
    }

    struct Output: OutputShape {
        let resources: [ResourceDescription]
        func write(to json: inout JSONWriter) { json.member("StackResources", resources) }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        if let name = input.stackName { return [try await store.permission(on: name, in: call)] }
        guard let id = input.physicalID,
            let stack = try await store.read({ try $0.stacks(withPhysicalID: id, at: Place(call)).first })
        else {
            let all = ARN("cloudformation", region: call.region, account: call.account, "stack/*/*")
            return [Permission(on: all)]
        }
        return [try await store.permission(on: stack.id, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            let stack = try stack(of: input, in: snapshot, at: Place(call))
            let resources = try snapshot.resources(of: stack.id)
                .filter { input.logicalID == nil || $0.logicalID == input.logicalID }
            if let logicalID = input.logicalID, resources.isEmpty {
                throw ServiceError.resourceMissing(logicalID, in: stack)
            }
            return Output(
                resources: resources.prefix(StackStore.pageSize).map {
                    ResourceDescription(stack: stack, resource: $0, timeName: "Timestamp")
                })
        }
    }

    private func stack(of input: Input, in snapshot: StackSnapshot<Snapshot>, at place: Place) throws -> Stack {
        switch (input.stackName, input.physicalID) {
        case (let name?, nil): return try snapshot.describedStack(name, at: place)
        case (nil, let id?):
            guard let stack = try snapshot.stacks(withPhysicalID: id, at: place).first(where: { $0.deleted == nil })
            else { throw ServiceError.validation("Stack for \(id) does not exist") }
            return stack
        case (nil, nil):
            throw ServiceError.validation("Either StackName or PhysicalResourceId must be specified")
        case (_?, _?):
            throw ServiceError.validation("StackName and PhysicalResourceId cannot both be specified")
        }
    }
}
