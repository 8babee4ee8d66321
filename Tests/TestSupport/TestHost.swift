import Bus
import ServiceKit

/// Services on a database of their own and a clock that stands still, called as the bus would call them.
///
///     try await TestHost.with({ [try SQS.service(on: $0)] }) { host in
///         let reply = try await host.call("sqs", "CreateQueue", #"{"QueueName":"orders"}"#)
///     }
///
/// Callers are allowed everything unless an `Authorizer` is given.
public final class TestHost: Sendable {
    public static let account = "000000000000"
    public let host: ServiceHost
    public let clock: ManualClock
    private let dispatcher: Dispatcher

    private init(host: ServiceHost, clock: ManualClock, services: [AWSService], authorizer: any Authorizer) {
        self.host = host
        self.clock = clock
        dispatcher = Dispatcher(
            services, authorizer: authorizer, configuration: host.configuration, clock: clock, metrics: host.metrics,
            log: host.log)
    }

    /// - Parameters:
    ///   - name: the executable whose services these are.
    ///   - folder: where the data lies; its own and removed at the end unless given, to open it a second time.
    public static func with<Result>(
        _ name: String = "test", folder: String? = nil, authorizer: any Authorizer = AllowAll(),
        _ compose: (ServiceHost) async throws -> [AWSService], run body: (TestHost) async throws -> Result
    ) async throws -> Result {
        guard let folder else {
            return try await TemporaryFolder.with { folder in
                try await with(name, folder: folder, authorizer: authorizer, compose, run: body)
            }
        }
        let clock = ManualClock()
        let configuration = try Config(environment: ["APUS_DATA": folder, "APUS_LOG": "error"])
        let host = try ServiceHost(name, configuration: configuration, clock: clock)
        let services = try await compose(host)
        let subject = TestHost(host: host, clock: clock, services: services, authorizer: authorizer)
        return try await subject.closing { try await body(subject) }
    }

    /// Calls an operation with its input as JSON text, in the stack's region unless another one is given.
    ///
    /// - Throws: `ServiceError` as the operation answered it.
    @discardableResult
    public func call(
        _ service: String, _ operation: String, _ input: String = "{}", as caller: Caller = .root(of: account),
        in region: String? = nil, body: ByteStream? = nil, timeout: Duration = .seconds(30)
    ) async throws -> JSONValue {
        try await reply(service, operation, input, as: caller, in: region, body: body, timeout: timeout).output
    }

    /// As `call`, with the streams beside input and output.
    public func reply(
        _ service: String, _ operation: String, _ input: String = "{}", as caller: Caller = .root(of: account),
        in region: String? = nil, from source: Call.Source = Call.Source(), body: ByteStream? = nil,
        timeout: Duration = .seconds(30)
    ) async throws -> (output: JSONValue, stream: ByteStream?) {
        let reply = await dispatcher.handle(
            BusRequest(
                service: service, operation: operation, caller: caller.encoded,
                attributes: CallEnvelope.attributes(
                    region: region ?? host.configuration.region, requestID: Identifier.uuid(), source: source),
                body: Array(input.utf8), stream: body, deadline: clock.now + timeout))
        let output = try JSONDocument(reply.body.isEmpty ? Array("{}".utf8) : reply.body).root
        if reply.isError { throw try ServiceError(json: output) }
        return (output, reply.stream)
    }

    /// Answers calls that come over the bus too, as other services and this one's own workers make them.
    public func serve() throws {
        let address = LocalRoutes.callAddress(of: host.name, in: host.configuration.runDirectory)
        let server = BusServer(bind: [address], handler: { [dispatcher] in await dispatcher.handle($0) })
        try server.start()
        host.atClose { await server.drain(within: .seconds(5)) }
    }

    /// The error a call is answered with; `nil` when it succeeds.
    public func error(
        of service: String, _ operation: String, _ input: String = "{}", as caller: Caller = .root(of: account),
        in region: String? = nil
    ) async throws -> ServiceError? {
        do {
            try await call(service, operation, input, as: caller, in: region)
            return nil
        } catch let error as ServiceError {
            return error
        }
    }

    /// Lets other tasks run until `condition` holds; fails after a while rather than hanging.
    public func until(_ condition: () async throws -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while try await !condition() {
            guard ContinuousClock.now < limit else { throw TimedOut() }
            await Task.yield()
        }
    }

    private func closing<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            let result = try await body()
            await host.close()
            return result
        } catch {
            await host.close()
            throw error
        }
    }

    public struct TimedOut: Error {}
}

/// Lets everybody do everything.
public struct AllowAll: Authorizer {
    public init() {}
    public func require(
        _ permission: Permission, of service: AWSService, operation: String, in call: Call
    ) async throws {}
}
