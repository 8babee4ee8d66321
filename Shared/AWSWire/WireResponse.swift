import HTTPTypes

/// An answer; a streaming output's body is sent by the caller instead of `body`.
public struct WireResponse: Sendable, Equatable {
    public var head: ResponseHead
    public var body: [UInt8]

    public init(status: Int, fields: HTTPFields = HTTPFields(), body: [UInt8] = []) {
        head = ResponseHead(status: status, fields: fields)
        self.body = body
    }
}

/// What an answer repeats of its request.
public struct AnswerContext: Sendable {
    public var requestID: String
    /// What S3 says in `x-amz-id-2`.
    public var hostID: String
    /// The path, for S3's errors.
    public var resource: String
    public var isHead: Bool
    /// The region of the request, for S3's bucket locations.
    public var region: String

    public init(
        requestID: String, hostID: String = "", resource: String = "/", isHead: Bool = false, region: String = ""
    ) {
        self.requestID = requestID
        self.hostID = hostID
        self.resource = resource
        self.isHead = isHead
        self.region = region
    }
}
