import ServiceKit

/// Tries once more to take an update back.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html)
struct ContinueUpdateRollback: AWSOperation {
    struct Input: InputShape {
        let stackName: String
        let roleARN: String?
        let resourcesToSkip: [String]
        let clientRequestToken: String?

        init(_ member: Members) throws {
            stackName = try member("StackName")
            roleARN = try member("RoleARN")
            resourcesToSkip = try member("ResourcesToSkip") ?? []
            clientRequestToken = try member("ClientRequestToken")
        }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try await store.permissions(on: input.stackName, role: input.roleARN, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write { snapshot in
            var stack = try snapshot.livingStack(input.stackName, at: Place(call))
            guard stack.status == .updateRollbackFailed else {
                throw ServiceError.validation(
                    """
                    Stack:\(stack.id) is in \(stack.status.rawValue) state and can not continue rollback: only \
                    UPDATE_ROLLBACK_FAILED can.
                    """)
            }
            let failed = Set(
                try snapshot.resources(of: stack.id).filter { $0.status == .updateFailed }.map(\.logicalID))
            guard failed.isSuperset(of: input.resourcesToSkip) else {
                throw ServiceError.validation(
                    "The specified resources to skip must be in UPDATE_FAILED state.")
            }
            var goal = stack.definition
            goal.roleARN = input.roleARN ?? goal.roleARN
            var operation = StackOperation(
                .continueRollback, phase: .reverting, goal: goal, clientToken: input.clientRequestToken, in: call)
            operation.skipped = Set(input.resourcesToSkip)
            stack.operation = operation
            try snapshot.move(&stack, to: .updateRollbackInProgress, because: "User Initiated", at: call.now)
        }
        return NoOutput()
    }
}
