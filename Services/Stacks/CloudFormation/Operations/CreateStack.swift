import ServiceKit
import TemplateLanguage

/// Begins to make a stack.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html)
struct CreateStack: AWSOperation {
    struct Input: InputShape {
        let stackName: String
        let request: StackRequest
        let disableRollback: Bool?
        let onFailure: String?
        let timeoutInMinutes: Int?
        let stackPolicy: StackPolicyInput
        let clientRequestToken: String?
        let enableTerminationProtection: Bool
        let retainExceptOnCreate: Bool

        init(_ member: Members) throws {
            stackName = try member("StackName")
            request = try StackRequest(member, isNew: true)
            disableRollback = try member("DisableRollback")
            onFailure = try member("OnFailure")
            timeoutInMinutes = try member("TimeoutInMinutes")
            stackPolicy = try StackPolicyInput(member)
            clientRequestToken = try member("ClientRequestToken")
            enableTerminationProtection = try member("EnableTerminationProtection") ?? false
            retainExceptOnCreate = try member("RetainExceptOnCreate") ?? false
        }

        /// - Throws: `ValidationError` where both ways to say it are used.
        fileprivate func end() throws(ServiceError) -> StackOperation.OnFailure {
            guard disableRollback == nil || onFailure == nil else {
                throw .validation("You cannot specify both DisableRollback and OnFailure")
            }
            if let onFailure { return StackOperation.OnFailure(rawValue: onFailure) ?? .rollback }
            return disableRollback == true ? .nothing : .rollback
        }
    }

    let store: StackStore
    let client: ServiceClient

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.stackName, in: call, context: input.request.conditions)]
            + input.request.permissions(in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> StackIDOutput {
        try StackName.check(input.stackName)
        try input.stackPolicy.refuse()
        let onFailure = try input.end()
        var stack = Stack(
            name: input.stackName, definition: StackDefinition(template: ""), status: .createInProgress, in: call)
        let checked = try await input.request.checked(for: stack, isNew: true, in: call, client)
        stack.definition = checked.definition
        stack.description = checked.template.description
        (stack.isProtected, stack.timeoutMinutes) = (input.enableTerminationProtection, input.timeoutInMinutes)
        stack.disablesRollback = onFailure == .nothing
        var operation = StackOperation(
            .create, phase: .applying, goal: checked.definition, onFailure: onFailure,
            clientToken: input.clientRequestToken, in: call)
        operation.deadline = input.timeoutInMinutes.map { call.now + .seconds($0 * 60) }
        operation.retainsExceptOnCreate = input.retainExceptOnCreate
        stack.operation = operation
        let id = try await store.write { [stack] snapshot in
            var stack = stack
            if let known = try snapshot.stack(stack.name, at: stack.place) {
                // The same request once more, as after a lost answer.
                if let token = input.clientRequestToken, known.creationToken == token { return known.id }
                throw ServiceError.stackExists(stack.name)
            }
            stack.creationToken = input.clientRequestToken
            try snapshot.move(&stack, to: .createInProgress, because: "User Initiated", at: call.now)
            return stack.id
        }
        await store.settle(id)
        return StackIDOutput(id: id)
    }
}

/// `{"StackId": …}`
struct StackIDOutput: OutputShape {
    let id: String
    func write(to json: inout JSONWriter) { json.member("StackId", id) }
}
