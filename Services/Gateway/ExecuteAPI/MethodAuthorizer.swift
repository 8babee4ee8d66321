import HTTP
import HTTPTypes
import JWT
import ServiceKit
import Synchronization

/// Checks that a caller may use a method, as its authorization says.
final class MethodAuthorizer: Sendable {
    /// What is known of an authorized caller.
    enum Authorization: Sendable {
        case open
        case token(claims: JSONValue)
        case signature(Caller)
        /// A Lambda authorizer's word.
        case function(LambdaAuthorizer.Decision)
    }

    private struct Keys {
        let set: JSONWebKeySet
        let fetched: Timestamp
    }

    /// Signing keys change seldom; a token with an unknown key makes us look sooner, but not at every such token.
    private static let keyLife = Duration.seconds(300)
    private static let keyPause = Duration.seconds(5)

    private let client: ServiceClient
    private let functions: LambdaAuthorizer
    private let clock: any WallClock
    private let keys = Mutex<[String: Keys]>([:])

    init(client: ServiceClient, functions: LambdaAuthorizer, clock: any WallClock) {
        self.client = client
        self.functions = functions
        self.clock = clock
    }

    /// - Throws: `Refusal`
    func authorize(_ call: Invocation, authenticate: ExecuteAPI.Authenticate) async throws -> Authorization {
        let (request, stage, match) = (call.request, call.stage, call.match)
        switch match.method.authorizationType {
        case "NONE": return .open
        case "COGNITO_USER_POOLS":
            guard let id = match.method.authorizerID, let authorizer = stage.authorizers[id] else {
                throw Refusal.internalError
            }
            return .token(claims: try await claims(of: request, authorizer, scopes: match.method.authorizationScopes))
        case "AWS_IAM":
            let caller: Caller
            do { caller = try await authenticate() } catch { throw Refusal.forbidden }
            try await requireInvoke(caller, stage: stage, match: match, method: request.head.method)
            return .signature(caller)
        case "CUSTOM":
            guard let id = match.method.authorizerID, let authorizer = stage.authorizers[id] else {
                throw Refusal.internalError
            }
            return .function(try await functions.authorize(call, by: authorizer))
        default: throw Refusal.internalError
        }
    }

    /// - Throws: `Refusal` unless the request carries a valid token of one of the authorizer's pools: an identity
    ///   token, or an access token with one of the scopes where the method asks for any.
    private func claims(
        of request: HTTPRequest, _ authorizer: AuthorizerDefinition, scopes: [String]
    ) async throws -> JSONValue {
        let field = authorizer.identitySource.split(separator: ".").last.map(String.init) ?? "Authorization"
        guard var text = request.head.fields[field] else { throw Refusal.unauthorized }
        if text.asciiLowercased.hasPrefix("bearer ") { text = String(text.dropFirst(7)) }
        guard let token = try? JSONWebToken(text), let pool = token.issuer?.split(separator: "/").last.map(String.init),
            authorizer.providerARNs.contains(where: { $0.hasSuffix("userpool/\(pool)") })
        else { throw Refusal.unauthorized }
        do {
            try token.verify(with: try await keySet(of: pool, containing: token.keyID), at: clock.now)
        } catch TokenError.expired {
            throw Refusal.expiredToken
        } catch is TokenError {
            throw Refusal.unauthorized
        }
        let use = token.claims["token_use"]?.string
        if scopes.isEmpty {
            guard use == "id" else { throw Refusal.unauthorized }
        } else {
            let granted = Set((token.claims["scope"]?.string ?? "").split(separator: " ").map(String.init))
            guard use == "access", !granted.isDisjoint(with: scopes) else { throw Refusal.unauthorized }
        }
        return token.claims
    }

    private func keySet(of pool: String, containing keyID: String?) async throws -> JSONWebKeySet {
        if let known = keys.withLock({ $0[pool] }) {
            let age = clock.now - known.fetched
            let hasKey = keyID.flatMap { known.set[$0] } != nil
            if age < (hasKey ? MethodAuthorizer.keyLife : MethodAuthorizer.keyPause) { return known.set }
        }
        var options = ServiceClient.Options()
        options.isIdempotent = true
        let reply: ServiceReply
        do {
            reply = try await client.call("apus.auth", "GetJWKS", options: options) { $0.member("PoolId", pool) }
        } catch let error as ServiceError where error.status < 500 {
            throw TokenError.unknownKey
        }
        let set = try JSONWebKeySet(json: Members(reply.output)("Document"))
        keys.withLock { $0[pool] = Keys(set: set, fetched: clock.now) }
        return set
    }

    /// The owner of the API evaluates the policies, as for any operation.
    private func requireInvoke(
        _ caller: Caller, stage: StageDefinition, match: RouteTable.Match, method: String
    ) async throws {
        let path = match.resource.path.drop { $0 == "/" }
        let resource = ARN(
            "execute-api", region: stage.region, account: stage.account,
            "\(stage.apiID)/\(stage.name)/\(method)/\(path)")
        do {
            _ = try await client.call("execute-api", "Invoke", as: caller) { $0.member("Resource", resource) }
        } catch let error as ServiceError where error.status == 403 {
            throw Refusal(status: 403, type: "AccessDeniedException", message: error.message)
        }
    }
}
