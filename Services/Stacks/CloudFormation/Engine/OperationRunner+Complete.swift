import ServiceKit
import TemplateLanguage

/// How the first phase ends.
extension OperationRunner {
    /// All resources are what they are to be.
    func complete(_ work: ResourceWork, _ evaluation: Evaluation) async throws {
        let (rows, exports) = try await store.read { snapshot in
            (try snapshot.resources(of: work.stack.id), try snapshot.exports(at: work.stack.place))
        }
        let surroundings = StackSurroundings(rows, exports: exports)
        // Once more, for the names of what it imports.
        for resource in evaluation.resources { _ = try evaluation.properties(of: resource, in: surroundings) }
        let outputs = try evaluation.outputs(in: surroundings)
        let imports = surroundings.imports
        let wanted = Set(evaluation.resources.map(\.logicalID))
        try await change(work) { [clock] stack, snapshot in
            try snapshot.setExports(outputs, imports: imports, of: stack)
            stack.outputs = outputs
            stack.definition = work.operation.goal
            stack.description = evaluation.template.description
            for row in rows { try snapshot.settle(row, isWanted: wanted.contains(row.logicalID), of: stack) }
            if work.operation.kind == .create {
                try snapshot.end(&stack, as: .createComplete, at: clock.now)
            } else {
                try snapshot.enter(.cleaning, &stack, as: .updateCleaning, at: clock.now)
            }
        }
    }

    /// Something failed: what now depends on what was asked for.
    func giveUp(_ work: ResourceWork, _ reason: String) async throws {
        let operation = work.operation
        try await change(work) { [clock] stack, snapshot in
            switch (operation.kind, operation.onFailure) {
            case (.create, .nothing): try snapshot.end(&stack, as: .createFailed, because: reason, at: clock.now)
            case (.create, .rollback):
                try snapshot.enter(
                    .deleting, &stack, as: .rollbackInProgress, because: "\(reason) Rollback requested by user.",
                    at: clock.now)
            case (.create, .delete):
                try snapshot.enter(
                    .deleting, &stack, as: .deleteInProgress, because: "\(reason) Delete requested by user.",
                    at: clock.now)
            case (_, .nothing): try snapshot.end(&stack, as: .updateFailed, because: reason, at: clock.now)
            default:
                try snapshot.enter(
                    .reverting, &stack, as: .updateRollbackInProgress, because: reason, at: clock.now)
            }
        }
    }

    /// `The following resource(s) failed to create: [A, B].`
    func reason(_ outcome: DependencyWalk.Outcome, _ work: ResourceWork) async throws -> String {
        let stack = try await store.read { try $0.stack(id: work.stack.id) }
        if stack?.operation?.isCancelled == true { return "User Initiated" }
        let rows = try await store.read { try $0.resources(of: work.stack.id) }
        let failed = { (status: ResourceStatus) in
            rows.filter { $0.status == status && $0.operation == work.operation.id }.map(\.logicalID).sorted()
        }
        let lists = [("create", failed(.createFailed)), ("update", failed(.updateFailed))].filter { !$0.1.isEmpty }
        if lists.isEmpty { return "Stack creation time exceeded the specified timeout." }
        return lists.map { "The following resource(s) failed to \($0): [\($1.joined(separator: ", "))]." }
            .joined(separator: " ")
    }
}

extension StackSnapshot where Base == Transaction {
    /// A resource's row once its stack is what it was to be: what it was before is to be deleted.
    func settle(_ row: StackResource, isWanted: Bool, of stack: Stack) throws {
        var row = row
        if !isWanted {
            (row.doomed, row.state) = (row.state, nil)
        } else if case .present(let former) = row.former, former.physical.id != row.state?.physical.id {
            row.doomed = former
        }
        (row.former, row.attempt) = (nil, nil)
        try keepIfAny(row, of: stack.id)
    }
}
