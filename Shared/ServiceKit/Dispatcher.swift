import Bus

/// The owner's side of a request: decode, validate, authorize, perform, answer. The only caller of `perform`.
public final class Dispatcher: Sendable {
    private let handlers: [String: OperationHandler]
    private let services: [String: AWSService]
    private let configuration: Config
    private let clock: any WallClock
    private let metrics: Metrics
    private let log: Log

    public init(
        _ services: [AWSService], authorizer: any Authorizer, configuration: Config, clock: any WallClock,
        metrics: Metrics, log: Log
    ) {
        var handlers: [String: OperationHandler] = [:]
        for service in services {
            for operation in service.operations {
                let handler = OperationHandler(operation, of: service, authorizer: authorizer, log: log)
                handlers["\(service.name).\(handler.name)"] = handler
            }
        }
        self.handlers = handlers
        self.services = Dictionary(services.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.configuration = configuration
        self.clock = clock
        self.metrics = metrics
        self.log = log
    }

    public func handle(_ request: BusRequest) async -> BusReply {
        let start = ContinuousClock.now
        let reply = await answer(request)
        let labels = "service=\"\(request.service)\",operation=\"\(request.operation)\",status=\"\(reply.status)\""
        let elapsed = ContinuousClock.now - start
        metrics.observe("apus_request_seconds", labels: labels, seconds: elapsed / .seconds(1))
        return reply
    }

    private func answer(_ request: BusRequest) async -> BusReply {
        do {
            guard let handler = handlers["\(request.service).\(request.operation)"] else {
                throw unknownOperation(request)
            }
            let caller = try CallerCache.shared.caller(request.caller)
            let call = CallEnvelope.call(of: request, caller: caller, configuration: configuration, now: clock.now)
            return try await handler.run(request.body, call)
        } catch let error as ServiceError {
            return BusReply(status: UInt32(error.status), isError: true, body: error.encoded)
        } catch {
            log.error(
                "A request failed for a reason of ours",
                [
                    "operation": "\(request.service):\(request.operation)", "trace": request.trace.hex,
                    "error": "\(error)",
                ])
            return BusReply(status: 500, isError: true, body: ServiceError.internalFailure.encoded)
        }
    }

    private func unknownOperation(_ request: BusRequest) -> ServiceError {
        ServiceError(
            "UnknownOperationException",
            "The operation \(request.operation) of \(request.service) is not implemented by Apus.")
    }
}
