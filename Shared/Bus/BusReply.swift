import Bytes

/// The callee's answer.
public struct BusReply: Sendable {
    /// The service's own number for the outcome; by convention the HTTP status.
    public var status: UInt32
    /// Whether the body is a service error rather than an output.
    public var isError: Bool
    public var attributes: [BusAttribute]
    /// At most `BusLimits.bodyBytes`.
    public var body: [UInt8]
    /// A large payload beside the body. It flows as the caller reads it; dropping it unread ends it.
    public var stream: ByteStream?

    public init(
        status: UInt32 = 200, isError: Bool = false, attributes: [BusAttribute] = [], body: [UInt8] = [],
        stream: ByteStream? = nil
    ) {
        self.status = status
        self.isError = isError
        self.attributes = attributes
        self.body = body
        self.stream = stream
    }
}
