import Bus
import HTTP
import HTTPTypes
import ServiceKit

/// Serves deployed REST APIs: finds the method, checks the caller, answers from the cache or the integration.
public final class ExecuteAPI: Sendable {
    /// Where a request is bound for, as the gateway read it from host or path.
    public struct Target: Sendable {
        public let apiID: String
        public let stage: String
        /// What follows the stage, still percent-encoded: `/todos/1`.
        public let path: String

        public init(apiID: String, stage: String, path: String) {
            self.apiID = apiID
            self.stage = stage
            self.path = path.isEmpty ? "/" : path
        }
    }

    /// Checks a request's AWS signature, for methods whose authorization is `AWS_IAM`.
    public typealias Authenticate = @Sendable () async throws -> Caller

    private let stages: StageDirectory
    private let authorizer: MethodAuthorizer
    private let lambda: LambdaProxy
    private let origin: HTTPProxy
    private let cache = ResponseCache()
    private let throttle = Throttle()
    private let keys: KeyGuard
    private let clock: any WallClock
    private let log: Log

    /// API Gateway's limit on payloads.
    public static let largestBody = 10 << 20

    public init(client: ServiceClient, http: HTTPClient, clock: any WallClock, log: Log) {
        stages = StageDirectory(client: client, clock: clock)
        let invoker = LambdaInvoker(client: client)
        authorizer = MethodAuthorizer(
            client: client, functions: LambdaAuthorizer(invoker: invoker, clock: clock), clock: clock)
        lambda = LambdaProxy(invoker: invoker)
        keys = KeyGuard(client: client, clock: clock)
        origin = HTTPProxy(client: http)
        self.clock = clock
        self.log = log
    }

    /// Forgets what is known of an API; call when its owner rings.
    public func invalidate(_ apiID: String) { stages.forget(apiID) }

    public func respond(
        to request: HTTPRequest, for target: Target, authenticate: @escaping Authenticate
    ) async -> HTTPResponse {
        let requestID = Identifier.uuid()
        var response: HTTPResponse
        do {
            response = try await serve(request, target, requestID: requestID, authenticate: authenticate)
        } catch let refusal as Refusal {
            response = refusal.response
        } catch {
            log.error("An API request failed", ["api": target.apiID, "stage": target.stage, "error": "\(error)"])
            response = Refusal.internalError.response
        }
        response.head.fields["x-amzn-RequestId"] = requestID
        return response
    }

    private func serve(
        _ request: HTTPRequest, _ target: Target, requestID: String, authenticate: Authenticate
    ) async throws -> HTTPResponse {
        guard let stage = try await stages.stage(target.stage, of: target.apiID) else { throw Refusal.forbidden }
        guard let match = stage.routes.match(method: request.head.method, path: target.path) else {
            throw Refusal.missingAuthenticationToken
        }
        let settings = stage.settings(for: match.resource.path, method: match.method.httpMethod)
        guard throttle.admits("\(target.apiID)/\(target.stage) \(settings.key)", settings, at: clock.now) else {
            throw Refusal.tooManyRequests
        }
        var call = Invocation(
            request: request, target: target, stage: stage, match: match, authorization: .open,
            requestID: requestID, now: clock.now)
        call.authorization = try await authorizer.authorize(call, authenticate: authenticate)
        if match.method.isKeyRequired { call.key = try await keys.admit(call.sentKey, to: call) }
        let key = stage.isCached && settings.isCached && request.head.method == "GET" ? call.cacheKey : nil
        if let key, let cached = cache.response(for: key, at: clock.now) { return cached }
        let response = try await integrate(call)
        if let key { cache.store(response, for: key, until: clock.now + settings.cacheTime) }
        return response
    }

    private func integrate(_ call: Invocation) async throws -> HTTPResponse {
        switch call.match.method.integration.type {
        case "AWS_PROXY": try await lambda.respond(to: call)
        case "HTTP_PROXY": try await origin.respond(to: call)
        case "MOCK": try MockIntegration.respond(to: call)
        default: throw Refusal.internalError
        }
    }
}
