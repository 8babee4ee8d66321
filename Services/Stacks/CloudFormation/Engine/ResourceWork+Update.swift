import ServiceKit
import TemplateLanguage

extension ResourceWork {
    /// Changes a resource in its place.
    ///
    /// - Parameter isReverting: whether it becomes again what it was: then what it was is not kept once more.
    /// - Returns: whether it went well.
    func update(
        _ goal: ResourceGoal, _ known: StackResource, _ state: StackResource.State, isReverting: Bool = false
    ) async throws -> Bool {
        var row = known
        let isRetry = row.operation == operation.id && row.status == .updateInProgress
        if !isReverting { row.former = row.former ?? .present(state) }
        (row.status, row.reason) = (.updateInProgress, nil)
        (row.operation, row.changed) = (operation.id, clock.now)
        do {
            let type = try type(goal.type)
            try await note(row, properties: goal.properties)
            let token = "\(operation.id)-\(goal.logicalID)"
            let physical = try await trying(goal.type, token: token, isRetry: isRetry) { isRetry in
                try await type.update(
                    state.physical.id, from: state.properties, to: goal.properties,
                    in: context(goal.logicalID, suffix: "", token: token, isRetry: isRetry))
            }
            row.state = goal.state(of: physical)
            row.status = .updateComplete
            row.attempt = nil
            row.reason = physical.note
        } catch let error as HandlerError {
            row.status = .updateFailed
            row.reason = error.message
            // Some of it may have been done: to take it back goes out from here.
            if !isReverting { row.attempt = StackResource.Attempt(suffix: "", properties: goal.properties) }
        }
        row.changed = clock.now
        try await note(row, properties: goal.properties)
        return row.status == .updateComplete
    }
}
