import ServiceKit
import TemplateLanguage

extension ResourceWork {
    /// Deletes something that a resource was or is.
    ///
    /// - Parameters:
    ///   - row: what is told of in the events.
    ///   - policy: what the template says of its end; `nil` to delete it in any case.
    ///   - rest: what is kept as the row then, by how it ended; `nil` for nothing.
    /// - Returns: whether it is gone, or is to stay.
    func delete(
        _ state: StackResource.State, of row: StackResource, policy: String?,
        rest: @Sendable (ResourceStatus) -> StackResource?
    ) async throws -> Bool {
        var told = row
        (told.reason, told.operation, told.changed) = (nil, operation.id, clock.now)
        if retains(policy) {
            told.status = .deleteSkipped
            try await finish(told, state, rest(told.status))
            return true
        }
        do {
            let type = try type(state.type)
            told.status = .deleteInProgress
            try await note(told, physicalID: state.physical.id)
            let token = "\(operation.id)-\(row.logicalID)"
            // Of what could not be made there may be nothing, or some of it.
            let isCertain = state.physical.id == row.state?.physical.id
            try await trying(state.type, token: token, isRetry: true) { isRetry in
                let context = context(row.logicalID, suffix: "", token: token, isRetry: isRetry)
                let id = state.physical.id
                if !isCertain, try await type.read(id, state.properties, in: context) == nil { return }
                try await type.delete(id, state.properties, in: context)
            }
            told.status = .deleteComplete
            told.changed = clock.now
            try await finish(told, state, rest(told.status))
            return true
        } catch let error as HandlerError {
            told.status = .deleteFailed
            told.reason = error.message
            try await note(told, physicalID: state.physical.id)
            return false
        }
    }

    private func retains(_ policy: String?) -> Bool { policy == "Retain" || policy == "RetainExceptOnCreate" }

    /// Tells that it is gone, and leaves of its row what is to be left.
    private func finish(_ told: StackResource, _ state: StackResource.State, _ rest: StackResource?) async throws {
        let event = StackEvent(
            of: told, properties: nil, clientToken: operation.clientToken, physicalID: state.physical.id,
            at: clock.now)
        try await store.write { [stack] snapshot in
            try snapshot.record(event, of: stack.id)
            if let rest {
                try snapshot.put(rest, of: stack.id)
            } else {
                try snapshot.removeResource(told.logicalID, of: stack.id)
            }
        }
    }
}
