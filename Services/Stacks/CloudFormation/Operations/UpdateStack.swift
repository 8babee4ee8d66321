import ServiceKit
import TemplateLanguage

/// Begins to change a stack.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html)
struct UpdateStack: AWSOperation {
    struct Input: InputShape {
        let stackName: String
        let request: StackRequest
        let disableRollback: Bool
        let stackPolicy: StackPolicyInput
        let clientRequestToken: String?
        let retainExceptOnCreate: Bool

        init(_ member: Members) throws {
            stackName = try member("StackName")
            request = try StackRequest(member)
            disableRollback = try member("DisableRollback") ?? false
            stackPolicy = try StackPolicyInput(member)
            clientRequestToken = try member("ClientRequestToken")
            retainExceptOnCreate = try member("RetainExceptOnCreate") ?? false
        }
    }

    let store: StackStore
    let client: ServiceClient

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.stackName, in: call, context: input.request.conditions)]
            + input.request.permissions(in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> StackIDOutput {
        try input.stackPolicy.refuse()
        let place = Place(call)
        let (known, rows, exports) = try await store.read { snapshot in
            let stack = try snapshot.livingStack(input.stackName, at: place)
            return (stack, try snapshot.resources(of: stack.id), try snapshot.exports(at: place))
        }
        if let token = input.clientRequestToken, known.operation?.clientToken == token {
            return StackIDOutput(id: known.id)
        }
        guard known.status.isUpdatable else { throw ServiceError.stackState(known, action: "updated") }
        let checked = try await input.request.checked(for: known, isNew: false, in: call, client)
        do {
            let plan = try ChangePlan(of: known, rows, to: checked, exports: exports)
            guard known.isHalfDone || !plan.isEmpty else { throw ServiceError.noUpdates }
        } catch let error as TemplateError {
            throw ServiceError(error)
        }
        var operation = StackOperation(
            .update, phase: .applying, goal: checked.definition,
            onFailure: input.disableRollback ? .nothing : .rollback, clientToken: input.clientRequestToken, in: call)
        operation.retainsExceptOnCreate = input.retainExceptOnCreate
        let begun = operation
        try await store.write { snapshot in
            guard var stack = try snapshot.stack(id: known.id), stack.status.isUpdatable else {
                throw ServiceError.stackState(known, action: "updated")
            }
            stack.operation = begun
            stack.updated = call.now
            stack.disablesRollback = input.disableRollback
            try snapshot.move(&stack, to: .updateInProgress, because: "User Initiated", at: call.now)
            try snapshot.makeObsolete(changeSetsOf: stack.id, except: nil)
        }
        await store.settle(known.id)
        return StackIDOutput(id: known.id)
    }
}
