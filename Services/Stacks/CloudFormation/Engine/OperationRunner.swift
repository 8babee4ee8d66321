import ServiceKit
import TemplateLanguage

/// Brings one stack through its operation, phase by phase.
struct OperationRunner: Sendable {
    let store: StackStore
    let calls: ServiceCalls
    let clock: any WallClock
    var types = ResourceCatalog.types

    /// Returns when the stack has nothing left to do.
    func run(_ id: String) async throws {
        while let stack = try await store.read({ try $0.stack(id: id) }), let operation = stack.operation {
            try Task.checkCancellation()
            let work: ResourceWork
            do {
                work = ResourceWork(
                    stack: stack, operation: operation, store: store, calls: calls,
                    caller: try await calls.caller(of: stack, operation), clock: clock, types: types,
                    secrets: HiddenValues(of: [stack.definition, operation.goal]))
            } catch let error as HandlerError {
                try await fail(stack, operation, error.message)
                continue
            }
            switch operation.phase {
            case .applying: try await apply(work)
            case .reverting: try await revert(work)
            case .cleaning: try await clean(work)
            case .deleting: try await delete(work)
            }
        }
    }

    /// Changes a stack, if its operation is still the one that was looked at.
    func change(
        _ work: ResourceWork,
        _ body: @escaping @Sendable (inout Stack, StackSnapshot<Transaction>) throws -> Void
    ) async throws {
        let id = work.stack.id
        let operation = work.operation.id
        try await store.write { snapshot in
            guard var stack = try snapshot.stack(id: id), stack.operation?.id == operation else { return }
            try body(&stack, snapshot)
        }
    }

    /// Nothing can be called: the operation ends where it is.
    private func fail(_ stack: Stack, _ operation: StackOperation, _ reason: String) async throws {
        let status: StackStatus =
            switch (operation.phase, operation.kind) {
            case (.applying, .create): .createFailed
            case (.applying, _): .updateFailed
            case (.reverting, _), (.cleaning, _): .updateRollbackFailed
            case (.deleting, .delete): .deleteFailed
            case (.deleting, _): .rollbackFailed
            }
        try await store.write { [id = stack.id, clock] snapshot in
            guard var stack = try snapshot.stack(id: id) else { return }
            try snapshot.end(&stack, as: status, because: reason, at: clock.now)
        }
    }
}

extension StackSnapshot where Base == Transaction {
    /// The operation is over.
    func end(_ stack: inout Stack, as status: StackStatus, because reason: String? = nil, at now: Timestamp) throws {
        let event = StackEvent(of: stack, status, reason, at: now)
        if let id = stack.operation?.changeSetID { try endExecution(ofChangeSet: id, as: status) }
        (stack.status, stack.statusReason, stack.operation) = (status, reason, nil)
        if status == .deleteComplete { stack.deleted = now }
        try record(event, of: stack.id)
        try put(stack)
    }

    /// The operation goes on in another phase.
    func enter(
        _ phase: StackOperation.Phase, _ stack: inout Stack, as status: StackStatus, because reason: String? = nil,
        at now: Timestamp
    ) throws {
        stack.operation?.phase = phase
        try move(&stack, to: status, because: reason, at: now)
    }
}
