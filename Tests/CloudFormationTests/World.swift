import ServiceKit
import Synchronization
import TemplateLanguage

@testable import CloudFormation

/// A service without any rules: things have a name and a value. It can be told to fail, and to die.
final class World: Sendable {
    struct Crash: Error {}

    struct Thing: Equatable {
        var value: String
    }

    private struct State {
        var things: [String: Thing] = [:]
        var log: [String] = []
        /// How many steps are left before the next crash.
        var stepsToCrash: Int?
        /// `create Name`, `delete Name`, … that are refused.
        var refusals: Set<String> = []
        /// Those answer that the service is not there, as many times.
        var outages = 0
    }

    private let state = Mutex(State())

    var things: [String: Thing] { state.withLock { $0.things } }
    var log: [String] { state.withLock { $0.log } }

    func crash(after steps: Int?) { state.withLock { $0.stepsToCrash = steps } }
    func refuse(_ steps: String...) { state.withLock { $0.refusals = Set(steps) } }
    func fail(times: Int) { state.withLock { $0.outages = times } }
    func put(_ id: String, _ value: String) { state.withLock { $0.things[id] = Thing(value: value) } }

    /// One step of the work: the process may end before it or behind it.
    func step<Result>(_ name: String, _ logicalID: String, _ body: (inout [String: Thing]) throws -> Result) throws
        -> Result
    {
        try state.withLock { state in
            try Self.tick(&state)
            if state.outages > 0 {
                state.outages -= 1
                throw ServiceError.unavailable
            }
            if state.refusals.contains("\(name) \(logicalID)") { throw ServiceError("Refused", "\(name): no.") }
            let result = try body(&state.things)
            state.log.append("\(name) \(logicalID)")
            try Self.tick(&state)
            return result
        }
    }

    private static func tick(_ state: inout State) throws {
        guard let left = state.stepsToCrash else { return }
        state.stepsToCrash = left - 1
        if left == 0 {
            state.stepsToCrash = nil
            throw Crash()
        }
    }
}

/// `Test::Thing`: `Name` names it, `Value` is what it has, `Fixed` needs another one when it changes.
struct ThingType: ResourceType {
    let world: World
    var name: String { "Test::World::Thing" }

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        properties["Name"]?.text ?? context.generatedName(limit: 60)
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let id = planned ?? ""
        try world.step("create", context.logicalID) { things in
            if things[id] != nil, !context.isRetry { throw ServiceError("AlreadyExists", "It exists.") }
            things[id] = World.Thing(value: properties["Value"]?.text ?? "")
        }
        return resource(id, properties)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try world.step("update", context.logicalID) { $0[id]?.value = new["Value"]?.text ?? "" }
        return resource(id, new)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try world.step("delete", context.logicalID) { $0[id] = nil }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        try world.step("read", context.logicalID) { $0[id] != nil } ? resource(id, properties) : nil
    }

    private func resource(_ id: String, _ properties: TemplateMap) -> PhysicalResource {
        PhysicalResource(id, attributes: ["Value": properties["Value"] ?? .null])
    }
}
