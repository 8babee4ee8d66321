import ServiceKit
import TemplateLanguage

/// What no template has any longer goes; or everything does.
extension OperationRunner {
    /// Failures are told and otherwise have no effect, as on AWS: the stack is what its template says.
    func clean(_ work: ResourceWork) async throws {
        let rows = try await store.read { try $0.resources(of: work.stack.id) }.filter { $0.doomed != nil }
        let isUpdate = work.stack.status == .updateCleaning
        _ = try await DependencyWalk.backwards(rows, of: { $0.doomed?.dependencies ?? [] }).run { id in
            guard let row = rows.first(where: { $0.logicalID == id }), let doomed = row.doomed else { return true }
            var rest = row
            rest.doomed = nil
            let kept = row.state == nil ? nil : rest
            var policy = row.state == nil ? doomed.deletionPolicy : doomed.replacePolicy
            if !isUpdate { policy = row.state == nil ? work.operation.policy(ofNew: policy) : nil }
            var told = row
            told.type = doomed.type
            return try await work.delete(doomed, of: told, policy: policy, rest: { _ in kept })
        }
        try await change(work) { [clock] stack, snapshot in
            for var row in try snapshot.resources(of: stack.id) where row.doomed != nil {
                row.doomed = nil
                try snapshot.keepIfAny(row, of: stack.id)
            }
            try snapshot.end(&stack, as: isUpdate ? .updateComplete : .updateRollbackComplete, at: clock.now)
        }
    }

    func delete(_ work: ResourceWork) async throws {
        let rows = try await store.read { try $0.resources(of: work.stack.id) }.filter { !$0.isGone }
        let outcome = try await DependencyWalk.backwards(rows, of: { $0.state?.dependencies ?? [] }).run { id in
            guard let row = rows.first(where: { $0.logicalID == id }) else { return true }
            return try await delete(row, work)
        }
        let failed = outcome.failed.sorted()
        let isRollback = work.stack.status == .rollbackInProgress
        try await change(work) { [clock] stack, snapshot in
            guard failed.isEmpty else {
                let reason = "The following resource(s) failed to delete: [\(failed.joined(separator: ", "))]. "
                return try snapshot.end(
                    &stack, as: isRollback ? .rollbackFailed : .deleteFailed, because: reason, at: clock.now)
            }
            do {
                try snapshot.setExports([], imports: [], of: stack)
            } catch let error as TemplateError {
                return try snapshot.end(&stack, as: .deleteFailed, because: error.message, at: clock.now)
            }
            try snapshot.end(&stack, as: isRollback ? .rollbackComplete : .deleteComplete, at: clock.now)
        }
    }

    /// All that a row stands for: what it is, what it replaced or was to be replaced by.
    private func delete(_ row: StackResource, _ work: ResourceWork) async throws -> Bool {
        var states = [row.made, row.state, row.doomed].compactMap { $0 }
        if case .present(let former) = row.former { states.append(former) }
        var seen: Set<String> = []
        states = states.filter { seen.insert($0.physical.id).inserted }
        var bare = row
        (bare.former, bare.doomed, bare.attempt) = (nil, nil, nil)
        let rest = bare
        var policy = row.state?.deletionPolicy
        if work.operation.kind == .create { policy = work.operation.policy(ofNew: policy) }
        if work.operation.skipped.contains(row.logicalID) { policy = "Retain" }
        guard !states.isEmpty else {
            // Nothing was ever made.
            bare.status = .deleteComplete
            try await work.keep(bare)
            return true
        }
        for state in states {
            guard
                try await work.delete(
                    state, of: row, policy: policy,
                    rest: { status in
                        var rest = rest
                        rest.status = status
                        return rest
                    })
            else { return false }
        }
        return true
    }
}

extension DependencyWalk {
    /// What depends on something goes before it.
    static func backwards(_ rows: [StackResource], of dependencies: (StackResource) -> [String]) -> DependencyWalk {
        var dependents: [String: Set<String>] = [:]
        for row in rows {
            for dependency in dependencies(row) { dependents[dependency, default: []].insert(row.logicalID) }
        }
        return DependencyWalk(
            nodes: rows.map(\.logicalID), dependencies: dependents, stopsAtFailure: false)
    }
}

extension StackOperation {
    /// What becomes of something that was made a moment ago, in vain.
    func policy(ofNew policy: String?) -> String? { policy == "Retain" && !retainsExceptOnCreate ? policy : nil }
}

extension StackResource {
    var isGone: Bool { status == .deleteComplete || status == .deleteSkipped }
}
