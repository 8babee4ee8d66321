import Bus

/// Calls operations of other services over the bus: as another principal of AWS, never around its permissions.
public struct ServiceClient: Sendable {
    private static let restartPatience = Duration.milliseconds(1500)
    private static let restartPause = Duration.milliseconds(20)

    private let bus: BusClient
    private let configuration: Config
    private let name: String

    init(bus: BusClient, configuration: Config, name: String) {
        self.bus = bus
        self.configuration = configuration
        self.name = name
    }

    /// What one call needs beside its input.
    public struct Options: Sendable {
        public var region: String?
        public var timeout: Duration = .seconds(30)
        /// May be sent a second time if the first replica was lost: reads, and writes that carry a token.
        public var isIdempotent = false
        public var stream: ByteStream?
        public var trace: TraceID?
        /// Where the call entered Apus, for calls made on behalf of a client's request.
        public var source = Call.Source()
        public var requestID: String?
        public init() {}
    }

    /// - Parameters:
    ///   - service: the model's name, or an internal one.
    ///   - input: the operation's input as one JSON object.
    ///   - caller: who is to be authorized; `nil` for this executable itself, which internal operations accept.
    /// - Throws: `ServiceError` as the operation answered it; `unavailable` where nobody answers.
    public func call(
        _ service: String, _ operation: String, _ input: [UInt8], as caller: Caller? = nil,
        options: Options = Options()
    ) async throws -> ServiceReply {
        guard let owner = Owners.owner(of: service) else {
            throw ServiceError("UnknownOperationException", "The service \(service) is not available.")
        }
        return try await call(owner: owner, service, operation, input, as: caller, options: options)
    }

    /// Calls an operation that every executable has: those of `apus.host`.
    public func callHost(
        _ owner: String, _ operation: String, input: (inout JSONWriter) -> Void
    ) async throws -> ServiceReply {
        var json = JSONWriter()
        json.object(input)
        var options = Options()
        options.isIdempotent = true
        return try await call(owner: owner, "apus.host", operation, json.bytes, as: nil, options: options)
    }

    private func call(
        owner: String, _ service: String, _ operation: String, _ input: [UInt8], as caller: Caller?, options: Options
    ) async throws -> ServiceReply {
        let request = BusRequest(
            service: service, operation: operation, caller: (caller ?? .service("\(name).apus")).encoded,
            attributes: CallEnvelope.attributes(
                region: options.region ?? configuration.region, requestID: options.requestID ?? Identifier.uuid(),
                source: options.source),
            body: input, stream: options.stream, deadline: .now() + options.timeout,
            trace: options.trace ?? .random(), isIdempotent: options.isIdempotent)
        return try await ServiceReply(forward(request, to: owner))
    }

    /// Writes the input in place: `call("sqs", "SendMessage") { $0.member("QueueUrl", url) … }`.
    public func call(
        _ service: String, _ operation: String, as caller: Caller? = nil, options: Options = Options(),
        input: (inout JSONWriter) -> Void
    ) async throws -> ServiceReply {
        var json = JSONWriter()
        json.object(input)
        return try await call(service, operation, json.bytes, as: caller, options: options)
    }

    /// Sends a request on as it came, for the gateway.
    ///
    /// While nobody answers for the owner it waits a little: an executable that died is back in a moment, and a
    /// request that was never sent can still be. One whose bytes flow beside it is not kept.
    public func forward(_ request: BusRequest, to owner: String) async throws -> BusReply {
        let limit = ContinuousClock.now + ServiceClient.restartPatience
        while true {
            do {
                return try await bus.call(owner, request)
            } catch BusError.noRoute where request.stream == nil && .now < limit && !Task.isCancelled {
                try? await Task.sleep(for: ServiceClient.restartPause)
            } catch let error as BusError {
                throw ServiceError(error)
            }
        }
    }
}

/// A successful answer.
public struct ServiceReply: Sendable {
    public let output: JSONValue
    public let stream: ByteStream?

    init(_ reply: BusReply) throws {
        let body = reply.body.isEmpty ? Array("{}".utf8) : reply.body
        let value = try JSONDocument(body, limits: JSONLimits(size: 256 << 20)).root
        if reply.isError { throw try ServiceError(json: value) }
        output = value
        stream = reply.stream
    }
}

extension ServiceError {
    init(_ error: BusError) {
        switch error {
        case .deadlineExceeded:
            self.init("RequestTimeout", "The request was not answered before its deadline.", status: 503)
        case .protocolViolation: self = .internalFailure
        case .noRoute, .connectionLost, .overloaded, .cancelled: self = .unavailable
        }
    }
}
