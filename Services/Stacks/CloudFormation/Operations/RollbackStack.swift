import ServiceKit

/// Takes back what failed and was left as it was.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html)
struct RollbackStack: AWSOperation {
    struct Input: InputShape {
        let stackName: String
        let roleARN: String?
        let clientRequestToken: String?
        let retainExceptOnCreate: Bool

        init(_ member: Members) throws {
            stackName = try member("StackName")
            roleARN = try member("RoleARN")
            clientRequestToken = try member("ClientRequestToken")
            retainExceptOnCreate = try member("RetainExceptOnCreate") ?? false
        }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try await store.permissions(on: input.stackName, role: input.roleARN, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> StackIDOutput {
        StackIDOutput(
            id: try await store.write { snapshot in
                var stack = try snapshot.livingStack(input.stackName, at: Place(call))
                let isCreation = stack.status == .createFailed
                guard isCreation || stack.status == .updateFailed else {
                    throw ServiceError.stackState(stack, action: "rolled back")
                }
                var goal = stack.definition
                goal.roleARN = input.roleARN ?? goal.roleARN
                var operation = StackOperation(
                    isCreation ? .create : .rollback, phase: isCreation ? .deleting : .reverting, goal: goal,
                    clientToken: input.clientRequestToken, in: call)
                operation.retainsExceptOnCreate = input.retainExceptOnCreate
                stack.operation = operation
                try snapshot.move(
                    &stack, to: isCreation ? .rollbackInProgress : .updateRollbackInProgress,
                    because: "User Initiated", at: call.now)
                return stack.id
            })
    }
}
