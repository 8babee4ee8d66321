import ServiceKit
import TemplateLanguage

/// An update is taken back.
extension OperationRunner {
    func revert(_ work: ResourceWork) async throws {
        let rows = try await store.read { try $0.resources(of: work.stack.id) }
        let touched = rows.compactMap { row -> (StackResource, StackResource.State)? in
            guard case .present(let former) = row.former else { return nil }
            return (row, former)
        }
        let walk = DependencyWalk(
            nodes: touched.map(\.0.logicalID),
            dependencies: Dictionary(
                uniqueKeysWithValues: touched.map { ($0.0.logicalID, Set($0.1.dependencies)) }),
            stopsAtFailure: false)
        let outcome = try await walk.run { id in
            guard let (row, former) = touched.first(where: { $0.0.logicalID == id }) else { return true }
            return try await restore(row, to: former, work)
        }
        guard outcome.done.count == touched.count else {
            let failed = outcome.failed.sorted().joined(separator: ", ")
            return try await change(work) { [clock] stack, snapshot in
                try snapshot.end(
                    &stack, as: .updateRollbackFailed,
                    because: "The following resource(s) failed to update: [\(failed)].", at: clock.now)
            }
        }
        try await change(work) { [clock] stack, snapshot in
            for row in try snapshot.resources(of: stack.id) { try snapshot.takeBack(row, of: stack) }
            try snapshot.enter(.cleaning, &stack, as: .updateRollbackCleaning, at: clock.now)
        }
    }

    /// Something that was replaced is there still; what was changed in its place is changed back.
    private func restore(
        _ row: StackResource, to former: StackResource.State, _ work: ResourceWork
    ) async throws -> Bool {
        guard let state = row.state, state.physical.id == former.physical.id,
            !work.operation.skipped.contains(row.logicalID)
        else { return true }
        var now = state
        // What failed half-way may be partly what it was to become.
        if row.status == .updateFailed || row.status == .updateInProgress, let attempt = row.attempt {
            now.properties = attempt.properties
        }
        let goal = ResourceGoal(row.logicalID, former)
        guard !goal.change(from: now).names.isEmpty else { return true }
        return try await work.update(goal, row, now, isReverting: true)
    }
}

extension StackSnapshot where Base == Transaction {
    /// A resource's row once its stack is again what it was: what was made since is to be deleted.
    func takeBack(_ row: StackResource, of stack: Stack) throws {
        var row = row
        guard let former = row.former else { return }
        switch former {
        case .absent: (row.doomed, row.state) = (row.made, nil)
        case .present(let state):
            if let made = row.made, made.physical.id != state.physical.id { row.doomed = made }
            row.state = state
            row.type = state.type
            if row.status == .updateFailed { (row.status, row.reason) = (.updateComplete, nil) }
        }
        (row.former, row.attempt) = (nil, nil)
        try keepIfAny(row, of: stack.id)
    }
}

extension StackResource {
    /// What this operation made, or may have made before it failed.
    var made: State? {
        guard let attempt, attempt.isStarted else { return state }
        guard let id = attempt.plannedID else { return state }
        return State(
            type: type, physical: PhysicalResource(id), properties: attempt.properties,
            dependencies: state?.dependencies ?? [])
    }
}
