import IAM
import ServiceKit

/// Starts sessions: makes temporary credentials for whoever was found to be entitled to them.
public struct RoleSessions: Sendable {
    static let shortestSeconds = 900
    static let defaultSeconds = 3600
    private static let chainedSeconds = 3600
    /// Who vouched for a web identity.
    private static let providerKey = "aws:FederatedProvider"

    public let roles: RoleStore
    let tokens: SessionTokens

    public init(roles: RoleStore, tokens: SessionTokens) {
        self.roles = roles
        self.tokens = tokens
    }

    /// What a session of a role is to be like.
    public struct Wish: Sendable {
        public var name: String
        public var seconds: Int?
        public var policies: [String] = []
        /// Condition keys the session carries.
        public var context: [String: [String]] = [:]
        /// The caller is itself a session of a role.
        public var isChained = false

        public init(named name: String) { self.name = name }
    }

    /// Starts a session of a role. Who may have it was decided before.
    ///
    /// - Throws: `ValidationError` for a duration that the role does not allow.
    public func start(_ role: RoleStore.Role, _ wish: Wish, at now: Timestamp) throws -> SessionCredentials {
        let seconds = wish.seconds ?? Self.defaultSeconds
        guard !wish.isChained || seconds <= Self.chainedSeconds else { throw ServiceError.durationExceedsChain }
        guard seconds <= role.maxSessionSeconds else { throw ServiceError.durationExceedsRole }
        let arn = "arn:aws:sts::\(role.account):assumed-role/\(role.name)/\(wish.name)"
        let caller = Caller(
            .assumedRole, account: role.account, arn: arn, userID: "\(role.uniqueID):\(wish.name)",
            policyARN: role.arn, sessionPolicies: wish.policies,
            context: role.context.merging(wish.context) { $1 })
        return try start(caller, seconds: seconds, at: now)
    }

    /// Credentials of a caller, for so long.
    func start(_ caller: Caller, seconds: Int, at now: Timestamp) throws -> SessionCredentials {
        var caller = caller
        let issued = Timestamp(seconds: now.seconds)
        caller.context["aws:TokenIssueTime"] = [issued.iso8601(milliseconds: false)]
        let session = Session(for: caller, until: issued + .seconds(seconds))
        return SessionCredentials(session: session, token: try tokens.seal(session))
    }

    /// Lets a web identity have a role, if the role's trust policy lets it.
    ///
    /// - Parameters:
    ///   - provider: what the trust policy names: a provider's ARN, or `cognito-identity.amazonaws.com`.
    ///   - context: what is known of the identity: `cognito-identity.amazonaws.com:sub` and its like. The session
    ///     carries it.
    /// - Throws: `AccessDenied`
    public func start(
        _ roleARN: String, forWebIdentityOf provider: String, context: [String: [String]], _ wish: Wish,
        in call: Call
    ) async throws -> SessionCredentials {
        guard let role = try await roles.role(roleARN) else { throw ServiceError.notAuthorizedWithWebIdentity }
        let identity = AccessPrincipal(.webIdentity, arn: provider, context: context)
        var request = AccessRequest(
            identity, "sts:AssumeRoleWithWebIdentity", on: roleARN, resourceAccount: role.account, at: call.now,
            context: ["sts:RoleSessionName": [wish.name], Self.providerKey: [provider]])
        request.came(by: call)
        guard ApplicablePolicies(resource: role.trustPolicy).decide(request).isAllowed else {
            throw ServiceError.notAuthorizedWithWebIdentity
        }
        var wish = wish
        wish.context.merge(context) { _, new in new }
        wish.context[Self.providerKey] = [provider]
        return try start(role, wish, at: call.now)
    }
}

/// Temporary credentials as their holder gets them.
public struct SessionCredentials: OutputShape {
    let session: Session
    /// What a request must carry beside the key.
    public let token: String

    public var accessKeyID: String { session.accessKeyID }
    public var secretAccessKey: String { session.secretAccessKey }
    public var expires: Timestamp { session.expires }
    public var caller: Caller { session.caller }

    public func write(to json: inout JSONWriter) {
        json.member("AccessKeyId", accessKeyID)
        json.member("SecretAccessKey", secretAccessKey)
        json.member("SessionToken", token)
        json.member("Expiration", expires)
    }
}

/// `{"AssumedRoleId": …, "Arn": …}`
struct AssumedRoleUser: OutputShape {
    let caller: Caller

    func write(to json: inout JSONWriter) {
        json.member("AssumedRoleId", caller.userID)
        json.member("Arn", caller.arn)
    }
}
