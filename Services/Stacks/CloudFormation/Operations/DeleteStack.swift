import ServiceKit

/// Begins to delete a stack and what it made.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html)
struct DeleteStack: AWSOperation {
    struct Input: InputShape {
        let stackName: String
        let retainResources: [String]
        let roleARN: String?
        let clientRequestToken: String?
        let deletionMode: String?

        init(_ member: Members) throws {
            stackName = try member("StackName")
            retainResources = try member("RetainResources") ?? []
            roleARN = try member("RoleARN")
            clientRequestToken = try member("ClientRequestToken")
            deletionMode = try member("DeletionMode")
        }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try await store.permissions(on: input.stackName, role: input.roleARN, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let id: String? = try await store.write { snapshot in
            // A stack that is not there is deleted.
            guard var stack = try snapshot.stack(input.stackName, at: Place(call)), stack.deleted == nil else {
                return nil
            }
            guard !stack.isProtected else {
                throw ServiceError.validation(
                    "Stack [\(stack.id)] cannot be deleted while TerminationProtection is enabled")
            }
            if stack.status == .deleteInProgress { return stack.id }
            let rows = try snapshot.resources(of: stack.id)
            try input.check(against: stack, rows)
            for output in stack.outputs {
                guard let name = output.exportName, let user = try snapshot.importers(of: name, at: stack.place).first
                else { continue }
                throw ServiceError.validation("Export \(name) cannot be deleted as it is in use by \(user)")
            }
            var goal = stack.definition
            goal.roleARN = input.roleARN ?? goal.roleARN
            var operation = StackOperation(
                .delete, phase: .deleting, goal: goal, clientToken: input.clientRequestToken, in: call)
            operation.skipped = Set(input.retainResources)
            if input.deletionMode == "FORCE_DELETE_STACK" {
                operation.skipped.formUnion(rows.filter { $0.status == .deleteFailed }.map(\.logicalID))
            }
            stack.operation = operation
            try snapshot.move(&stack, to: .deleteInProgress, because: "User Initiated", at: call.now)
            try snapshot.makeObsolete(changeSetsOf: stack.id, except: nil)
            return stack.id
        }
        if let id { await store.settle(id) }
        return NoOutput()
    }
}

extension DeleteStack.Input {
    /// - Throws: `ValidationError`
    fileprivate func check(against stack: Stack, _ rows: [StackResource]) throws(ServiceError) {
        switch stack.status {
        case .updateInProgress, .updateCleaning, .updateRollbackInProgress, .updateRollbackCleaning:
            throw .stackState(stack, action: "deleted")
        default: break
        }
        guard !retainResources.isEmpty else { return }
        guard stack.status == .deleteFailed else {
            throw .validation(
                "Invalid operation on stack [\(stack.id)]. Only stacks in DELETE_FAILED can use RetainResources")
        }
        let known = Set(rows.map(\.logicalID))
        if let unknown = retainResources.first(where: { !known.contains($0) }) {
            throw .validation("The specified resources to retain must be in a valid state. Do not specify [\(unknown)]")
        }
    }
}
