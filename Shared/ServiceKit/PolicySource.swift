import Bus
import Synchronization

/// The policies attached to an identity.
public struct IdentityPolicies: Sendable {
    public var policies: [Policy]
    public var boundary: Policy?

    public init(policies: [Policy] = [], boundary: Policy? = nil) {
        self.policies = policies
        self.boundary = boundary
    }
}

/// Where an identity's policies come from.
public protocol PolicySource: Sendable {
    /// - Parameter principal: a user's or role's ARN.
    func policies(of principal: String) async throws -> IdentityPolicies
}

/// The auth executable's policies, over the bus: `apus.auth` `GetIdentityPolicies`, whose output is
/// `{"Policies":[{"Name":…,"Document":…}],"Boundary":{…}}` with documents as text.
///
/// Kept for a few seconds; the doorbell `iam` empties the cache at once.
final class RemotePolicies: PolicySource {
    private struct Entry {
        let policies: IdentityPolicies
        let fetched: ContinuousClock.Instant
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// How often all was forgotten.
        var generation = 0
    }

    /// How long a change can go unnoticed when its doorbell is lost.
    private static let freshness = Duration.seconds(3)
    /// How long known policies stand in when auth does not answer.
    private static let patience = Duration.seconds(60)
    private static let capacity = 10_000

    private let client: ServiceClient
    private let state = Mutex(State())

    init(client: ServiceClient) { self.client = client }

    func forgetAll() {
        state.withLock { state in
            state.entries.removeAll()
            state.generation += 1
        }
    }

    func policies(of principal: String) async throws -> IdentityPolicies {
        let (known, generation) = state.withLock { ($0.entries[principal], $0.generation) }
        let now = ContinuousClock.now
        if let known, now - known.fetched < RemotePolicies.freshness { return known.policies }
        do {
            let policies = try await fetch(principal)
            state.withLock { state in
                // What was on its way when the doorbell rang may be from before the change.
                guard state.generation == generation else { return }
                if state.entries.count >= RemotePolicies.capacity { state.entries.removeAll() }
                state.entries[principal] = Entry(policies: policies, fetched: now)
            }
            return policies
        } catch let error as ServiceError where error.status >= 500 {
            guard let known, now - known.fetched < RemotePolicies.patience else { throw error }
            return known.policies
        }
    }

    private func fetch(_ principal: String) async throws -> IdentityPolicies {
        var options = ServiceClient.Options()
        options.isIdempotent = true
        options.timeout = .seconds(5)
        let reply = try await client.call("apus.auth", "GetIdentityPolicies", options: options) {
            $0.member("Principal", principal)
        }
        let member = try Members(reply.output)
        let documents: [Document] = try member("Policies")
        let boundary: Document? = try member("Boundary")
        return IdentityPolicies(policies: try documents.map { try $0.policy() }, boundary: try boundary?.policy())
    }

    private struct Document: InputShape {
        let name: String
        let text: String

        init(_ member: Members) throws {
            name = try member("Name")
            text = try member("Document")
        }

        func policy() throws -> Policy { try Policy.parse(text, as: .identity, name: name) }
    }
}
