import ServiceKit
import TemplateLanguage

extension ResourceWork {
    private static let suffixLength = 12

    /// Makes a resource: a new one, or the one that replaces what the row has.
    ///
    /// - Returns: whether it went well.
    func create(_ goal: ResourceGoal, _ known: StackResource?) async throws -> Bool {
        var row = begun(goal, known)
        let isReplacement = row.state != nil
        do {
            let type = try type(goal.type)
            if row.attempt?.isStarted != true {
                try await note(row, properties: goal.properties, reason: isReplacement ? Self.replacing : nil)
            }
            let physical = try await make(goal, type, &row)
            row.state = goal.state(of: physical)
            row.attempt = nil
            row.changed = clock.now
            row.status = isReplacement ? .updateComplete : .createComplete
            row.reason = physical.note
            try await note(row, properties: goal.properties)
            return true
        } catch let error as HandlerError {
            if error.isAlreadyThere { row.attempt = nil }
            row.status = isReplacement ? .updateFailed : .createFailed
            row.reason = error.message
            row.changed = clock.now
            try await note(row, properties: goal.properties)
            return false
        }
    }

    private static let replacing =
        "Requested update requires the creation of a new physical resource; hence creating one."

    /// The row of an attempt that is under way, or of a new one.
    private func begun(_ goal: ResourceGoal, _ known: StackResource?) -> StackResource {
        let isReplacement = known?.state != nil
        let status = isReplacement ? ResourceStatus.updateInProgress : .createInProgress
        if let known, known.operation == operation.id, known.status == status, known.attempt != nil { return known }
        var row =
            known ?? StackResource(goal.logicalID, goal.type, .createInProgress, of: operation.id, at: clock.now)
        row.former = row.former ?? row.state.map(StackResource.Former.present) ?? .absent
        (row.type, row.status, row.reason) = (goal.type, status, nil)
        (row.operation, row.changed) = (operation.id, clock.now)
        row.attempt = StackResource.Attempt(
            suffix: Identifier.unique(prefix: "", length: Self.suffixLength), properties: goal.properties)
        return row
    }

    private func make(
        _ goal: ResourceGoal, _ type: any ResourceType, _ row: inout StackResource
    ) async throws -> PhysicalResource {
        guard var attempt = row.attempt else { throw HandlerError("Nothing was begun") }
        let token = "\(operation.id)-\(goal.logicalID)-\(attempt.suffix)"
        let first = context(goal.logicalID, suffix: attempt.suffix, token: token, isRetry: attempt.isStarted)
        let wasStarted = attempt.isStarted
        if !wasStarted {
            let planned = type.plannedID(for: goal.properties, in: first)
            if let planned { try await checkIsFree(planned, goal, type, row, in: first) }
            (attempt.plannedID, attempt.isStarted) = (planned, true)
            row.attempt = attempt
            try await note(row, reason: "Resource creation Initiated", physicalID: planned)
        }
        return try await trying(goal.type, token: token, isRetry: wasStarted) { isRetry in
            try await type.create(
                goal.properties, planned: attempt.plannedID,
                in: context(goal.logicalID, suffix: attempt.suffix, token: token, isRetry: isRetry))
        }
    }

    /// What is there before the first attempt is somebody else's.
    private func checkIsFree(
        _ planned: String, _ goal: ResourceGoal, _ type: any ResourceType, _ row: StackResource,
        in context: ResourceContext
    ) async throws {
        if row.state?.physical.id == planned { throw HandlerError.customName(planned) }
        let there = try await trying(goal.type, token: context.token, isRetry: false) { _ in
            try await type.read(planned, goal.properties, in: context)
        }
        if there != nil { throw HandlerError.alreadyExists(planned, goal.type) }
    }
}
