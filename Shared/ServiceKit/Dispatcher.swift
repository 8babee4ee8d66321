import Bus

/// The owner's side of a request: decode, validate, authorize, perform, answer. The only caller of `perform`.
public final class Dispatcher: Sendable {
    /// By service, then by operation.
    private let handlers: [String: [String: OperationHandler]]
    private let configuration: Config
    private let clock: any WallClock
    private let metrics: Metrics
    private let log: Log

    public init(
        _ services: [AWSService], authorizer: any Authorizer, configuration: Config, clock: any WallClock,
        metrics: Metrics, log: Log
    ) {
        var handlers: [String: [String: OperationHandler]] = [:]
        for service in services {
            for operation in service.operations {
                let successes = metrics.histogram(
                    Dispatcher.latency, labels: Dispatcher.labels(service.name, type(of: operation).name, 200))
                let handler = OperationHandler(
                    operation, of: service, authorizer: authorizer, log: log, successes: successes)
                handlers[service.name, default: [:]][handler.name] = handler
            }
        }
        self.handlers = handlers
        self.configuration = configuration
        self.clock = clock
        self.metrics = metrics
        self.log = log
    }

    /// Whether a request never keeps its thread for long.
    func isBrief(_ request: BusRequest) -> Bool {
        handlers[request.service]?[request.operation]?.isBrief(request.body) ?? false
    }

    public func handle(_ request: BusRequest) async -> BusReply {
        let start = ContinuousClock.now
        let handler = handlers[request.service]?[request.operation]
        let reply = await answer(request, handler, since: start)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if let handler, reply.status == 200 {
            handler.successes.observe(seconds: seconds)
        } else {
            metrics.observe(
                Dispatcher.latency, labels: Dispatcher.labels(request.service, request.operation, reply.status),
                seconds: seconds)
        }
        return reply
    }

    private static let latency = "apus_request_seconds"

    private static func labels(_ service: String, _ operation: String, _ status: UInt32) -> String {
        "service=\"\(service)\",operation=\"\(operation)\",status=\"\(status)\""
    }

    private func answer(
        _ request: BusRequest, _ handler: OperationHandler?, since start: ContinuousClock.Instant
    ) async -> BusReply {
        do {
            guard let handler else { throw unknownOperation(request) }
            let caller = try CallerCache.shared.caller(request.caller)
            let call = CallEnvelope.call(
                of: request, caller: caller, configuration: configuration, now: clock.now, authority: handler.authority)
            guard let observer = handler.observer, observer.isWatching else {
                return try await handler.run(request.body, call)
            }
            let reply: BusReply
            do {
                reply = try await handler.run(request.body, call)
            } catch {
                reply = self.reply(to: error, in: request, handler)
            }
            observer.answered(call, input: request.body, with: reply, after: ContinuousClock.now - start)
            return reply
        } catch {
            return reply(to: error, in: request, handler)
        }
    }

    private func reply(to error: any Error, in request: BusRequest, _ handler: OperationHandler?) -> BusReply {
        if let error = (error as? any ServiceErrorConvertible)?.serviceError {
            return BusReply(status: UInt32(error.status), isError: true, body: error.encoded)
        }
        log.error(
            "A request failed for a reason of ours",
            [
                "operation": "\(request.service):\(request.operation)", "trace": request.trace.hex,
                "error": "\(error)",
            ])
        return BusReply(status: 500, isError: true, body: (handler?.failure ?? .internalFailure).encoded)
    }

    private func unknownOperation(_ request: BusRequest) -> ServiceError {
        ServiceError(
            "UnknownOperationException",
            "The operation \(request.operation) of \(request.service) is not implemented by Apus.")
    }
}
