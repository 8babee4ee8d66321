import Synchronization

/// Sessions of the roles in which a service works for others: those that replicate, those of jobs, those of stacks.
public final class AssumedRoles: Sendable {
    /// How long it may go unnoticed that a role no longer trusts it; what it may do is asked every time.
    private static let freshness = Duration.seconds(60)
    private static let capacity = 1000

    private let client: ServiceClient
    private let clock: any WallClock
    /// Whom the roles have to trust.
    private let principal: String
    private let session: String
    private let sessions = Mutex<[String: (caller: Caller, since: Timestamp)]>([:])

    /// - Parameters:
    ///   - principal: the service's, as roles name it in their trust policies: `s3.amazonaws.com`.
    ///   - session: the name its sessions have.
    public init(client: ServiceClient, clock: any WallClock, as principal: String, session: String) {
        (self.client, self.clock, self.principal, self.session) = (client, clock, principal, session)
    }

    /// - Throws: `RoleNotAssumed` where the role is not to be had, `ServiceError` where nobody can say.
    public func caller(in role: String, region: String) async throws -> Caller {
        let now = clock.now
        if let known = sessions.withLock({ $0[role] }), now - known.since < Self.freshness { return known.caller }
        let caller = try await assume(role, region)
        sessions.withLock { sessions in
            if sessions.count >= Self.capacity { sessions.removeAll() }
            sessions[role] = (caller, now)
        }
        return caller
    }

    private func assume(_ role: String, _ region: String) async throws -> Caller {
        let account = ARN(role)?.account ?? ""
        var options = ServiceClient.Options()
        options.region = region
        options.isIdempotent = true
        do {
            let reply = try await client.call(
                "sts", "AssumeRole", as: .service(principal, account: account), options: options
            ) { json in
                json.member("RoleArn", role)
                json.member("RoleSessionName", session)
            }
            let user = try Members(try Members(reply.output)("AssumedRoleUser"))
            return Caller(
                .assumedRole, account: account, arn: try user("Arn"), userID: try user("AssumedRoleId"),
                policyARN: role)
        } catch let error as ServiceError where error.status < 500 {
            throw RoleNotAssumed()
        }
    }
}

/// The role is not there, or does not trust the service.
public struct RoleNotAssumed: Error {}
