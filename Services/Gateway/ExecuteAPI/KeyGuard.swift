import HTTP
import ServiceKit
import Synchronization

/// Lets requests through to methods that ask for an API key: known, enabled, in a usage plan of the stage, within the
/// plan's rate and quota.
final class KeyGuard: Sendable {
    private struct Entry {
        let key: KeyDefinition?
        let fetched: Timestamp
    }

    /// As stages: what the owner changed is seen after a moment.
    private static let freshness = Duration.seconds(2)
    private static let capacity = 10_000

    private let client: ServiceClient
    private let clock: any WallClock
    private let throttle = Throttle()
    private let entries = Mutex<[String: Entry]>([:])

    init(client: ServiceClient, clock: any WallClock) {
        self.client = client
        self.clock = clock
    }

    /// - Parameter value: what the client sent, or the authorizer said.
    /// - Throws: `Refusal`
    func admit(_ value: String?, to call: Invocation) async throws -> KeyDefinition {
        guard let value, !value.isEmpty, value.utf8.count <= 128, let key = try await key(value, for: call) else {
            throw Refusal.forbidden
        }
        let method = "\(call.match.resource.path)/\(call.request.head.method)"
        let limits = [(key.id, key.throttle), ("\(key.id) \(method)", key.methodThrottles[method])]
        for case let (name, settings?) in limits {
            guard throttle.admits("\(key.planID) \(name)", settings, at: clock.now) else {
                throw Refusal.tooManyRequests
            }
        }
        if key.hasQuota { try await count(key) }
        return key
    }

    private func key(_ value: String, for call: Invocation) async throws -> KeyDefinition? {
        let name = "\(call.target.apiID)/\(call.target.stage) \(value)"
        if let known = entries.withLock({ $0[name] }), clock.now - known.fetched < Self.freshness { return known.key }
        var options = ServiceClient.Options()
        options.isIdempotent = true
        var found: KeyDefinition?
        do {
            let reply = try await client.call("apus.apis", "ResolveApiKey", options: options) { json in
                json.member("ApiId", call.target.apiID)
                json.member("StageName", call.target.stage)
                json.member("Value", value)
            }
            found = try KeyDefinition(json: reply.output)
        } catch let error as ServiceError where error.status == 404 {}
        let entry = Entry(key: found, fetched: clock.now)
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll() }
            entries[name] = entry
        }
        return found
    }

    /// The owner counts, so that a quota holds across gateways and restarts.
    private func count(_ key: KeyDefinition) async throws {
        let reply = try await client.call("apus.apis", "CountUsage") { json in
            json.member("PlanId", key.planID)
            json.member("KeyId", key.id)
        }
        guard reply.output["IsAdmitted"]?.bool == true else { throw Refusal.limitExceeded }
    }
}

/// An API key as a stage's usage plan admits it.
struct KeyDefinition: InputShape {
    let id: String
    let value: String
    let planID: String
    let throttle: MethodSettings?
    /// By resource path and verb: `/pets/GET`.
    let methodThrottles: [String: MethodSettings]
    let hasQuota: Bool

    init(_ member: Members) throws {
        id = try member("KeyId")
        value = try member("Value")
        planID = try member("PlanId")
        let throttle: PlanThrottle? = try member("Throttle")
        self.throttle = throttle?.settings
        let methods: [String: PlanThrottle] = try member("MethodThrottles") ?? [:]
        methodThrottles = methods.mapValues(\.settings)
        hasQuota = try member("HasQuota") ?? false
    }

    private struct PlanThrottle: InputShape {
        let settings: MethodSettings
        init(_ member: Members) throws {
            settings = MethodSettings(
                rate: try member("rateLimit") ?? .infinity, burst: try member("burstLimit") ?? .infinity)
        }
    }
}
