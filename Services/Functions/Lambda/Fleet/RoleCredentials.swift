import ServiceKit
import Synchronization

/// Temporary credentials of a function's execution role.
struct RoleCredentials: Sendable {
    let accessKeyID: String
    let secretAccessKey: String
    let sessionToken: String
    let expiration: Timestamp
}

/// Where execution roles are assumed.
protocol RoleCredentialsSource: Sendable {
    /// - Throws: `ServiceError`, access denied where the role's trust policy does not name Lambda.
    func credentials(of role: String, session: String, region: String) async throws -> RoleCredentials
}

/// Assumes roles at STS, as the service `lambda.amazonaws.com`.
final class STSCredentialsSource: RoleCredentialsSource {
    private static let lifetimeSeconds = 3600
    /// Credentials are handed out again while at least this much of their life is left.
    private static let reserve = Duration.seconds(1200)
    private static let cacheLimit = 4096

    private struct Key: Hashable {
        let role, session: String
    }

    private let client: ServiceClient
    private let clock: any WallClock
    private let cache = Mutex<[Key: RoleCredentials]>([:])

    init(client: ServiceClient, clock: any WallClock) {
        self.client = client
        self.clock = clock
    }

    /// STS wants 2 to 64 characters; functions may be named by one.
    private static func sessionName(_ name: String) -> String {
        name.utf8.count < 2 ? name + "-function" : String(name.prefix(64))
    }

    func credentials(of role: String, session: String, region: String) async throws -> RoleCredentials {
        let key = Key(role: role, session: session)
        if let known = cache.withLock({ $0[key] }), known.expiration - clock.now > Self.reserve { return known }
        var options = ServiceClient.Options()
        options.region = region
        options.isIdempotent = true
        let caller = Caller.service("lambda.amazonaws.com", account: ARN(role)?.account ?? "")
        let reply = try await client.call("sts", "AssumeRole", as: caller, options: options) { json in
            json.member("RoleArn", role)
            json.member("RoleSessionName", Self.sessionName(session))
            json.member("DurationSeconds", Self.lifetimeSeconds)
        }
        let credentials = try (Members(reply.output)("Credentials") as RoleCredentials)
        cache.withLock { cache in
            if cache.count >= Self.cacheLimit { cache.removeAll() }
            cache[key] = credentials
        }
        return credentials
    }
}

extension RoleCredentials: InputShape {
    init(_ member: Members) throws {
        accessKeyID = try member("AccessKeyId")
        secretAccessKey = try member("SecretAccessKey")
        sessionToken = try member("SessionToken")
        expiration = try member("Expiration")
    }
}
