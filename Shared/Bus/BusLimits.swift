/// What one endpoint accepts. What goes beyond is refused, never stored.
public struct BusLimits: Sendable {
    /// The largest body of a request or reply; larger payloads are streams.
    public var bodyBytes = 32 << 20
    /// Service, operation, caller and attributes of one request together, encoded.
    public var metaBytes = 256 << 10
    public var metaEntries = 128
    /// Calls being executed by a server, or waiting for one replica of a client.
    public var openCalls = 10_000
    public var openStreams = 512
    /// How many chunks may be on their way to a reader.
    public var streamWindow = 4
    /// How often silence is probed, and after how much of it the peer counts as lost.
    public var heartbeat: Duration = .milliseconds(200)
    public var heartbeatTimeout: Duration = .milliseconds(600)
    /// How long a call waits for a replica that is just starting.
    public var connectPatience: Duration = .seconds(1)
    /// How long it waits for one on this machine that let it connect, and has been too busy since to say hello.
    public var helloPatience: Duration = .seconds(5)

    public init() {}

    /// The longest stream that travels inside the message of its request or reply.
    static let embeddedBytes = 64 << 10
    /// The largest piece of a stream.
    static let chunkBytes = 1 << 20
}
