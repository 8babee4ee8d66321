import ServiceKit
import TemplateLanguage

/// Begins to do what a change set says.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html)
struct ExecuteChangeSet: AWSOperation {
    struct Input: InputShape {
        let set: ChangeSetReference
        let clientRequestToken: String?
        let disableRollback: Bool?
        let retainExceptOnCreate: Bool

        init(_ member: Members) throws {
            set = try ChangeSetReference(member)
            clientRequestToken = try member("ClientRequestToken")
            disableRollback = try member("DisableRollback")
            retainExceptOnCreate = try member("RetainExceptOnCreate") ?? false
        }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onChangeSet: input.set.name, of: input.set.stackName, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let place = Place(call)
        let id = try await store.write { snapshot in
            var (set, stack) = try snapshot.requiredChangeSet(input.set.name, of: input.set.stackName, at: place)
            // The same request once more, as after a lost answer.
            if let token = input.clientRequestToken, let operation = stack.operation,
                operation.clientToken == token, operation.changeSetID == set.id
            {
                return stack.id
            }
            try set.checkIsExecutable()
            guard set.kind == .create ? stack.status == .reviewInProgress : stack.status.isUpdatable else {
                throw ServiceError.stackState(stack, action: set.kind == .create ? "created" : "updated")
            }
            guard input.disableRollback != true || set.onFailure == nil else {
                throw ServiceError.validation("You cannot specify both DisableRollback and OnStackFailure")
            }
            stack.begin(set, input, in: call)
            set.executionStatus = .inProgress
            try snapshot.put(set)
            let status: StackStatus = set.kind == .create ? .createInProgress : .updateInProgress
            try snapshot.move(&stack, to: status, because: "User Initiated", at: call.now)
            try snapshot.makeObsolete(changeSetsOf: stack.id, except: set.id)
            return stack.id
        }
        await store.settle(id)
        return NoOutput()
    }
}

extension ChangeSet {
    /// - Throws: `InvalidChangeSetStatus`
    fileprivate func checkIsExecutable() throws(ServiceError) {
        guard status == .complete else { throw .changeSetState(self, "executed", "status", status.rawValue) }
        guard executionStatus == .available else {
            throw .changeSetState(self, "executed", "execution status", executionStatus.rawValue)
        }
    }
}

extension Stack {
    fileprivate mutating func begin(_ set: ChangeSet, _ input: ExecuteChangeSet.Input, in call: Call) {
        let isNew = set.kind == .create
        let onFailure = input.disableRollback == true ? .nothing : set.onFailure ?? .rollback
        var begun = StackOperation(
            isNew ? .create : .update, phase: .applying, goal: set.goal, onFailure: onFailure,
            clientToken: input.clientRequestToken, in: call)
        begun.retainsExceptOnCreate = input.retainExceptOnCreate
        begun.changeSetID = set.id
        if isNew {
            definition = set.goal
            description = (try? Template(set.goal.template))?.description
        }
        (operation, changeSetID, updated) = (begun, set.id, call.now)
        disablesRollback = onFailure == .nothing
    }
}
