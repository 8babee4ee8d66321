import CloudWatchLogs
import DAX
import DynamoDB
import IAM
import KMS
import SNS
import SQS
import ServiceKit
import Synchronization
import TemplateLanguage
import TestSupport
import Testing

@testable import CloudFormation

/// Services that resources are made of, and contexts to make them in.
struct ResourceHost: Sendable {
    /// By executable.
    private let hosts: [String: TestHost]

    /// - Parameter compose: the services of each executable there is to be.
    static func with(
        _ compose: [String: @Sendable (ServiceHost) async throws -> [AWSService]] = [
            "tables": tables, "auth": auth,
        ],
        _ body: (ResourceHost) async throws -> Void
    ) async throws {
        try await with(Array(compose.sorted { $0.key < $1.key }[...]), [:], body)
    }

    private static func with(
        _ rest: [(key: String, value: @Sendable (ServiceHost) async throws -> [AWSService])],
        _ hosts: [String: TestHost], _ body: (ResourceHost) async throws -> Void
    ) async throws {
        guard let next = rest.first else { return try await body(ResourceHost(hosts: hosts)) }
        try await TestHost.with(next.key, { try await next.value($0) }) { host in
            // Indexes are filled in the background.
            if next.key == "tables" { host.host.startWorkers() }
            try await with(Array(rest.dropFirst()), hosts.merging([next.key: host]) { $1 }, body)
        }
    }

    static let tables: @Sendable (ServiceHost) async throws -> [AWSService] = { host in
        let database = try DynamoDB.database(on: host, others: DAX.migrations)
        let clusters = CacheClusters()
        return try await DynamoDB.services(on: host, database, clusters: clusters)
            + [DAX.service(on: host, database, clusters: clusters)]
    }

    static let messages: @Sendable (ServiceHost) async throws -> [AWSService] = { host in
        try [SQS.service(on: host)] + SNS.services(on: host)
    }

    static let monitoring: @Sendable (ServiceHost) async throws -> [AWSService] = { host in
        [try CloudWatchLogs.service(on: host)]
    }

    static let auth: @Sendable (ServiceHost) async throws -> [AWSService] = { host in
        try IAM.parts(on: host).services + [KMS.service(on: host)]
    }

    /// Calls an operation of whoever has it.
    @discardableResult
    func call(_ service: String, _ operation: String, _ input: String = "{}") async throws -> JSONValue {
        let host = try #require(hosts[Owners.owner(of: service) ?? ""], "nobody serves \(service)")
        // Streams are told apart by the time they were opened at, and what fills indexes rests now and then.
        host.clock.advance(by: .seconds(1))
        return try await host.call(service, operation, input)
    }

    func context(
        _ logicalID: String = "Thing", isRetry: Bool = false, calls: Calls = Calls()
    ) -> ResourceContext {
        ResourceContext(
            place: Place(account: TestHost.account, region: "us-east-1"), stackName: "my-stack",
            stackID: "arn:aws:cloudformation:us-east-1:\(TestHost.account):stack/my-stack/1", logicalID: logicalID,
            suffix: "A1B2C3D4E5F6", token: "token-\(logicalID)", isRetry: isRetry, clock: SystemClock(),
            caller: { service, operation, input in
                try calls.count("\(service):\(operation)")
                let reply = try await call(service, operation, String(decoding: input, as: UTF8.self))
                try calls.answered()
                return reply
            })
    }
}

/// Counts what a type calls, and breaks off where a test wants it to.
final class Calls: Sendable {
    struct Broken: Error {}

    private let made = Mutex<[String]>([])
    /// Breaks off before the call of this number, or before its answer is seen.
    private let limit: (before: Int, seesAnswer: Bool)

    init(breakingAt number: Int = .max, seesAnswer: Bool = true) { limit = (number, seesAnswer) }

    /// `service:Operation`, in the order they were called.
    var names: [String] { made.withLock { $0 } }
    /// Without those that only look.
    var changes: [String] {
        names.filter { name in
            let operation = name.split(separator: ":").last ?? ""
            return !["Describe", "Get", "List", "Head"].contains { operation.hasPrefix($0) }
        }
    }

    func count(_ name: String) throws {
        let number = made.withLock { names in
            names.append(name)
            return names.count
        }
        if number >= limit.before, limit.seesAnswer || number > limit.before { throw Broken() }
    }

    func answered() throws {
        if names.count == limit.before { throw Broken() }
    }
}

extension ResourceHost {
    func type(_ name: String) throws -> any ResourceType { try #require(ResourceCatalog.types[name]) }

    /// Makes a resource as the engine does: a plan first.
    func create(
        _ type: String, _ properties: String, in context: ResourceContext? = nil
    ) async throws -> PhysicalResource {
        let type = try self.type(type)
        let context = context ?? self.context()
        let map = try template(properties)
        try ResourceSchema.named(type.name)?.check(map, of: context.logicalID)
        return try await type.create(map, planned: type.plannedID(for: map, in: context), in: context)
    }

    func update(
        _ type: String, _ id: String, from old: String, to new: String, in context: ResourceContext? = nil
    ) async throws -> PhysicalResource {
        try await self.type(type).update(id, from: template(old), to: template(new), in: context ?? self.context())
    }

    /// Breaks off creations at every call they make, before it and before its answer, and tries again: it must be one
    /// and the same resource each time, and be gone after its deletion.
    func survivesCrashes(_ name: String, _ properties: String) async throws {
        let type = try self.type(name)
        let map = try template(properties)
        var seen: Set<PhysicalResource> = []
        for number in 1... {
            var broke = false
            for seesAnswer in [true, false] {
                let calls = Calls(breakingAt: number, seesAnswer: seesAnswer)
                let planned = type.plannedID(for: map, in: context())
                var last: String?
                do {
                    last = try await type.create(map, planned: planned, in: context(calls: calls)).id
                } catch is Calls.Broken {
                    broke = true
                    last = try await type.create(map, planned: planned, in: context(isRetry: true)).id
                }
                let id = try #require(planned ?? last)
                let made = try #require(try await type.read(id, map, in: context()), "\(name): \(number)")
                #expect(made.id == id)
                seen.insert(made)
                try await type.delete(id, map, in: context())
                try await type.delete(id, map, in: context())
                let left = try await type.read(id, map, in: context())
                #expect(left == nil)
            }
            guard broke else { break }
        }
        #expect(seen.count == 1, "\(seen)")
    }
}

extension ResourceHost {
    /// Breaks off a change at every call it makes, and tries again: what `state` tells must be the same each time.
    func changeSurvivesCrashes(
        _ name: String, from old: String, to new: String, state: (String) async throws -> String
    ) async throws {
        let type = try self.type(name)
        let (before, after) = (try template(old), try template(new))
        var seen: Set<String> = []
        for number in 1... {
            var broke = false
            for seesAnswer in [true, false] {
                let id = try await create(name, old).id
                let calls = Calls(breakingAt: number, seesAnswer: seesAnswer)
                do {
                    _ = try await type.update(id, from: before, to: after, in: context(calls: calls))
                } catch is Calls.Broken {
                    broke = true
                    _ = try await type.update(id, from: before, to: after, in: context(isRetry: true))
                }
                seen.insert(try await state(id))
                try await type.delete(id, after, in: context())
            }
            guard broke else { break }
        }
        #expect(seen.count == 1, "\(seen)")
    }
}

/// Properties from their JSON.
func template(_ json: String) throws -> TemplateMap {
    try TemplateMap(json: JSONDocument(Array(json.utf8)).root)
}
