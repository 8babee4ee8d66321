import ServiceKit
import TemplateLanguage

/// The first phase: resources become what the goal says.
extension OperationRunner {
    func apply(_ work: ResourceWork) async throws {
        let evaluation: Evaluation
        let outcome: DependencyWalk.Outcome
        do {
            evaluation = try Evaluation(
                try Template(work.operation.goal.template), parameters: work.operation.goal.parameters,
                pseudo: work.stack.pseudoParameters)
            outcome = try await walk(evaluation, work)
            if outcome.done.count == evaluation.resources.count {
                return try await complete(work, evaluation)
            }
        } catch let error as TemplateError {
            return try await giveUp(work, error.message)
        }
        try await giveUp(work, try await reason(outcome, work))
    }

    private func walk(_ evaluation: Evaluation, _ work: ResourceWork) async throws -> DependencyWalk.Outcome {
        let resources = Dictionary(uniqueKeysWithValues: evaluation.resources.map { ($0.logicalID, $0) })
        let walk = DependencyWalk(
            nodes: evaluation.resources.map(\.logicalID), dependencies: resources.mapValues(\.dependencies),
            stopsAtFailure: true)
        return try await walk.run { id in
            guard let resource = resources[id], try await mayGoOn(work) else { return false }
            return try await apply(resource, evaluation, work)
        }
    }

    private func mayGoOn(_ work: ResourceWork) async throws -> Bool {
        if let deadline = work.operation.deadline, clock.now > deadline { return false }
        let operation = try await store.read { try $0.stack(id: work.stack.id) }?.operation
        // Somebody may have wanted the stack deleted meanwhile.
        return operation?.id == work.operation.id && operation?.isCancelled != true
    }

    private func apply(
        _ resource: TemplateResource, _ evaluation: Evaluation, _ work: ResourceWork
    ) async throws -> Bool {
        let stack = work.stack
        let (row, needed, exports) = try await store.read { snapshot in
            (
                try snapshot.resource(resource.logicalID, of: stack.id),
                try resource.dependencies.compactMap { try snapshot.resource($0, of: stack.id) },
                try snapshot.exports(at: stack.place)
            )
        }
        if let row, row.operation == work.operation.id {
            if row.status == .createComplete || row.status == .updateComplete { return true }
            if row.status == .createFailed || row.status == .updateFailed { return false }
        }
        let goal: ResourceGoal
        do {
            let surroundings = StackSurroundings(needed, exports: exports)
            goal = ResourceGoal(
                resource, try evaluation.goalProperties(of: resource, in: surroundings, work.operation.goal.tags))
            try goal.check()
        } catch let error as HandlerError {
            return try await refuse(resource, row, error.message, work)
        } catch let error as TemplateError {
            return try await refuse(resource, row, error.message, work)
        }
        guard let row, let state = row.state, row.attempt?.isStarted != true else {
            return try await work.create(goal, row)
        }
        return try await change(row, state, goal, work)
    }

    private func change(
        _ row: StackResource, _ state: StackResource.State, _ goal: ResourceGoal, _ work: ResourceWork
    ) async throws -> Bool {
        guard state.type == goal.type else {
            let reason = """
                Update of resource type is not permitted. The new template modifies resource type of the following \
                resources: [\(goal.logicalID)]
                """
            return try await refuse(goal, row, reason, work)
        }
        let change = goal.change(from: state)
        if change.names.isEmpty, row.status != .updateFailed {
            var row = row
            row.state = goal.state(of: state.physical)
            try await work.keep(row)
            return true
        }
        return change.isReplacement ? try await work.create(goal, row) : try await work.update(goal, row, state)
    }

    /// What cannot even be begun.
    private func refuse(
        _ resource: TemplateResource, _ row: StackResource?, _ reason: String, _ work: ResourceWork
    ) async throws -> Bool {
        try await refuse(ResourceGoal(resource, TemplateMap()), row, reason, work)
    }

    private func refuse(
        _ goal: ResourceGoal, _ row: StackResource?, _ reason: String, _ work: ResourceWork
    ) async throws -> Bool {
        var row =
            row ?? StackResource(goal.logicalID, goal.type, .createFailed, of: work.operation.id, at: clock.now)
        row.former = row.former ?? row.state.map(StackResource.Former.present) ?? .absent
        row.status = row.state == nil ? .createFailed : .updateFailed
        (row.reason, row.operation, row.changed) = (reason, work.operation.id, clock.now)
        try await work.note(row, properties: goal.properties)
        return false
    }
}

extension Evaluation {
    /// A resource's properties, and the stack's tags where the type takes tags.
    func goalProperties(
        of resource: TemplateResource, in surroundings: any TemplateSurroundings, _ tags: [Tag]
    ) throws(TemplateError) -> TemplateMap {
        let properties = try properties(of: resource, in: surroundings)
        return ResourceSchema.named(resource.type)?.adding(tags, to: properties) ?? properties
    }
}

extension ResourceGoal {
    /// - Throws: `HandlerError` where the properties are not what the type has.
    func check() throws(HandlerError) {
        if let reference = Template.dynamicReferences(in: properties).first {
            throw HandlerError("\(reference) cannot be resolved: there are no parameters and secrets here")
        }
        do {
            try ResourceSchema.named(type)?.check(properties, of: logicalID)
        } catch {
            throw HandlerError(error.message)
        }
    }
}
