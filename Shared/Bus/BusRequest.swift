import Bytes
import Time

/// A call on its way to the process that owns the state.
public struct BusRequest: Sendable {
    /// The AWS service (`dynamodb`), or an internal one (`apus.auth`).
    public var service: String
    /// The operation's name as AWS writes it: `GetItem`.
    public var operation: String
    /// Who calls: opaque JSON, written by the gateway and read by ServiceKit.
    public var caller: [UInt8]
    public var attributes: [BusAttribute]
    /// JSON as the model's shapes define it; at most `BusLimits.bodyBytes`.
    public var body: [UInt8]
    /// A large payload beside the body. It flows as the callee reads it.
    public var stream: ByteStream?
    /// Absolute, on the wall clock. A request is never begun after it.
    public var deadline: Timestamp
    public var trace: TraceID
    /// Whether the bus may send it a second time when the first replica was lost.
    public var isIdempotent: Bool

    public init(
        service: String, operation: String, caller: [UInt8] = [], attributes: [BusAttribute] = [], body: [UInt8] = [],
        stream: ByteStream? = nil, deadline: Timestamp = .now() + .seconds(30), trace: TraceID = .random(),
        isIdempotent: Bool = false
    ) {
        self.service = service
        self.operation = operation
        self.caller = caller
        self.attributes = attributes
        self.body = body
        self.stream = stream
        self.deadline = deadline
        self.trace = trace
        self.isIdempotent = isIdempotent
    }
}
