import ServiceKit
import TemplateLanguage
import TestSupport

@testable import CloudFormation

/// An engine on a store of its own, whose resources live in a `World`.
struct Workbench {
    let store: StackStore
    let world = World()
    let host: TestHost

    static func with(_ body: (Workbench) async throws -> Void) async throws {
        try await TestHost.with("stacks", { _ in [] }) { host in
            let vault = StackVault(key: try MasterKey(in: host.host.configuration.dataDirectory))
            let store = StackStore(
                database: try host.host.database("stacks.db", migrations: Schema.migrations), vault: vault,
                pages: PageToken(key: []))
            try await body(Workbench(store: store, host: host))
        }
    }

    private var call: Call {
        Call(
            caller: .root(of: TestHost.account), service: "cloudformation", operation: "CreateStack",
            region: "us-east-1", account: TestHost.account, now: .now(), requestID: "", deadline: .now() + .seconds(60))
    }

    private var runner: OperationRunner {
        let calls = ServiceCalls(
            client: host.host.client,
            roles: AssumedRoles(
                client: host.host.client, clock: SystemClock(), as: ServiceCalls.principal, session: "test"))
        let thing = ThingType(world: world)
        return OperationRunner(store: store, calls: calls, clock: SystemClock(), types: [thing.name: thing])
    }

    /// Runs what a stack has to do; a process that dies is followed by another one.
    func finish(_ id: String) async throws -> Stack {
        while true {
            do {
                try await runner.run(id)
                break
            } catch is World.Crash {}
        }
        guard let stack = try await store.read({ try $0.stack(id: id) }) else { throw World.Crash() }
        return stack
    }

    func create(
        _ template: String, name: String = "shop", onFailure: StackOperation.OnFailure = .rollback,
        retainsExceptOnCreate: Bool = false, parameters: [String: String] = [:]
    ) async throws -> Stack {
        let definition = StackDefinition(template: template, parameters: parameters)
        var stack = Stack(name: name, definition: definition, status: .createInProgress, in: call)
        var operation = StackOperation(
            .create, phase: .applying, goal: definition, onFailure: onFailure, clientToken: nil, in: call)
        operation.retainsExceptOnCreate = retainsExceptOnCreate
        stack.operation = operation
        let made = stack
        try await store.write { snapshot in
            var stack = made
            try snapshot.move(&stack, to: .createInProgress, at: .now())
        }
        return try await finish(made.id)
    }

    func operate(
        on stack: Stack, _ kind: StackOperation.Kind, _ phase: StackOperation.Phase, as status: StackStatus,
        template: String? = nil, onFailure: StackOperation.OnFailure = .rollback, skipping: Set<String> = []
    ) async throws -> Stack {
        var goal = stack.definition
        goal.template = template ?? goal.template
        var operation = StackOperation(kind, phase: phase, goal: goal, onFailure: onFailure, clientToken: nil, in: call)
        operation.skipped = skipping
        let begun = operation
        try await store.write { snapshot in
            guard var stack = try snapshot.stack(id: stack.id) else { return }
            stack.operation = begun
            try snapshot.move(&stack, to: status, at: .now())
        }
        return try await finish(stack.id)
    }

    func update(
        _ stack: Stack, _ template: String, onFailure: StackOperation.OnFailure = .rollback
    ) async throws -> Stack {
        try await operate(
            on: stack, .update, .applying, as: .updateInProgress, template: template, onFailure: onFailure)
    }

    func delete(_ stack: Stack) async throws -> Stack {
        try await operate(on: stack, .delete, .deleting, as: .deleteInProgress)
    }

    func events(_ stack: Stack) async throws -> [StackEvent] {
        try await store.read { try $0.events(of: stack.id, limit: 1000) }.map(\.1).reversed()
    }

    func statuses(_ stack: Stack) async throws -> [String: String] {
        let rows = try await store.read { try $0.resources(of: stack.id) }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.logicalID, $0.status.rawValue) })
    }

    /// A template of things: `"A": "Name: a, Value: 1"`.
    static func template(_ things: KeyValuePairs<String, String>, tail: String = "") -> String {
        things.reduce("Resources:\n") { text, thing in
            text + "  \(thing.key): {Type: Test::World::Thing, \(thing.value)}\n"
        } + tail
    }
}
