import HTTP
import HTTPTypes
import ServiceKit
import Synchronization

/// Asks a function whether a caller may use an API, and remembers what it said.
///
/// [Documentation](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html)
final class LambdaAuthorizer: Sendable {
    /// What a function said of a caller: a policy, which may be about more than the method it was asked for.
    struct Decision: Sendable {
        let principalID: String
        let policy: Policy
        /// What it wants the integration to know.
        let context: [String: String]
        /// The API key it found the caller to have.
        let usageKey: String?
    }

    private struct Entry {
        let decision: Decision
        let expires: Timestamp
    }

    private static let capacity = 10_000
    private static let timeout = Duration.seconds(29)

    private let invoker: LambdaInvoker
    private let clock: any WallClock
    private let entries = Mutex<[String: Entry]>([:])

    init(invoker: LambdaInvoker, clock: any WallClock) {
        self.invoker = invoker
        self.clock = clock
    }

    /// - Throws: `Refusal` unless the function's policy lets the caller use the method.
    func authorize(_ call: Invocation, by authorizer: AuthorizerDefinition) async throws -> Decision {
        let identity = try identity(of: call, authorizer)
        let key =
            authorizer.cacheTime > .zero && !identity.isEmpty
            ? "\(call.target.apiID)/\(call.target.stage)/\(call.stage.version)/\(authorizer.id)\n"
                + identity.map { PercentEncoding.string($0) }.joined(separator: "\n") : nil
        let decision: Decision
        if let key, let known = remembered(key) {
            decision = known
        } else {
            decision = try await ask(authorizer, call, token: identity.first)
            if let key { remember(decision, for: key, until: clock.now + authorizer.cacheTime) }
        }
        let request = AccessRequest(
            AccessPrincipal(.user, account: call.stage.account, arn: decision.principalID), "execute-api:Invoke",
            on: call.methodARN.description, resourceAccount: call.stage.account, at: clock.now)
        switch ApplicablePolicies(identity: [decision.policy]).decide(request) {
        case let answer where answer.isAllowed: return decision
        case let answer: throw answer.outcome == .explicitlyDenied ? Refusal.explicitlyDenied : Refusal.notAuthorized
        }
    }

    // MARK: Identity

    /// The values of the identity sources.
    ///
    /// - Throws: `Refusal.unauthorized` where one is missing or a token has not the form asked for: the function is
    ///   not asked.
    private func identity(of call: Invocation, _ authorizer: AuthorizerDefinition) throws -> [String] {
        let values = try authorizer.identitySources.map { source in
            guard let value = call.value(of: source), !value.isEmpty else { throw Refusal.unauthorized }
            return value
        }
        if let pattern = authorizer.validationExpression, let token = values.first {
            // The owner of the API wrote the expression; one that is none lets nobody through.
            guard token.utf8.count <= 8192, let expression = try? Regex(pattern),
                (try? expression.wholeMatch(in: token)) != nil
            else { throw Refusal.unauthorized }
        }
        return values
    }

    // MARK: The function

    private func ask(
        _ authorizer: AuthorizerDefinition, _ call: Invocation, token: String?
    ) async throws -> Decision {
        guard let function = LambdaProxy.function(in: call.withStageVariables(authorizer.uri)) else {
            throw Refusal.authorizerFailure
        }
        let source = ARN(
            "execute-api", region: call.stage.region, account: call.stage.account,
            "\(call.target.apiID)/authorizers/\(authorizer.id)")
        let answer: LambdaInvoker.Answer
        do {
            answer = try await invoker.invoke(
                function, event(for: authorizer, call, token: token), for: source, timeout: Self.timeout)
        } catch is Refusal {
            throw Refusal.authorizerFailure
        }
        if answer.isError {
            // The one error by which a function says no.
            throw answer.payload["errorMessage"]?.string == "Unauthorized"
                ? Refusal.unauthorized : Refusal.authorizerFailure
        }
        guard let decision = try? Decision(json: answer.payload) else { throw Refusal.authorizerFailure }
        return decision
    }

    private func event(for authorizer: AuthorizerDefinition, _ call: Invocation, token: String?) -> [UInt8] {
        var json = JSONWriter(capacity: 2048)
        json.object { json in
            json.member("type", authorizer.type)
            json.member("methodArn", call.methodARN)
            if authorizer.type == "TOKEN" {
                json.member("authorizationToken", token)
            } else {
                LambdaEvent(call: call, body: []).writeRequest(to: &json)
            }
        }
        return json.bytes
    }

    // MARK: Memory

    private func remembered(_ key: String) -> Decision? {
        entries.withLock { entries in
            guard let entry = entries[key] else { return nil }
            if clock.now < entry.expires { return entry.decision }
            entries[key] = nil
            return nil
        }
    }

    private func remember(_ decision: Decision, for key: String, until expires: Timestamp) {
        entries.withLock { entries in
            // Dropping all is rare and cheap to refill.
            if entries.count >= Self.capacity { entries.removeAll() }
            entries[key] = Entry(decision: decision, expires: expires)
        }
    }
}

extension LambdaAuthorizer.Decision: InputShape {
    init(_ member: Members) throws {
        principalID = try member("principalId")
        let document: JSONValue = try member("policyDocument")
        policy = try Policy.parse(Array(document.rawBytes), as: .identity, name: "authorizer")
        let context: [String: JSONValue] = try member("context") ?? [:]
        // Texts, numbers and truth values only, all handed on as texts.
        self.context = try context.mapValues { value in
            switch value.kind {
            case .string: value.string ?? ""
            case .object, .array: throw MemberError.invalid("context")
            default: String(decoding: value.rawBytes, as: UTF8.self)
            }
        }
        usageKey = try member("usageIdentifierKey")
    }
}

extension Invocation {
    /// The method as policies name it, with the path that was asked for.
    var methodARN: ARN {
        ARN(
            "execute-api", region: stage.region, account: stage.account,
            "\(target.apiID)/\(target.stage)/\(request.head.method)/\(target.path.drop { $0 == "/" })")
    }

    /// What an identity source such as `method.request.header.Authorization` is here.
    fileprivate func value(of source: String) -> String? {
        let parts = source.split(separator: ".", maxSplits: 3).map(String.init)
        if parts.count == 4, parts[0] == "method" {
            switch parts[2] {
            case "header": return request.head.fields[parts[3]]
            case "querystring": return request.head.queryItems.first { $0.name == parts[3] }?.value
            default: return match.parameters[parts[3]]
            }
        }
        if parts.first == "stageVariables", parts.count == 2 { return stage.variables[parts[1]] }
        switch source {
        case "context.identity.sourceIp": return request.remoteAddress
        case "context.identity.userAgent": return request.head.fields["User-Agent"]
        case "context.httpMethod": return request.head.method
        case "context.path": return "/\(target.stage)\(target.path)"
        case "context.resourcePath": return match.resource.path
        case "context.stage": return target.stage
        default: return nil
        }
    }
}
