import Time

/// One event for a function, as the Runtime API hands it to the runtime.
public struct Invocation: Sendable {
    public let requestID: String
    public let payload: [UInt8]
    /// When the function has timed out.
    public let deadline: Timestamp
    /// As the client named the function: with the version or alias it asked for.
    public let functionARN: String
    /// The `X-Amzn-Trace-Id` header's value.
    public var trace: String?
    /// JSON, from the mobile SDKs.
    public var clientContext: String?
    /// JSON, from the mobile SDKs.
    public var cognitoIdentity: String?

    public init(requestID: String, payload: [UInt8], deadline: Timestamp, functionARN: String) {
        self.requestID = requestID
        self.payload = payload
        self.deadline = deadline
        self.functionARN = functionARN
    }
}

/// What the runtime said about an invocation.
public enum InvocationOutcome: Sendable, Equatable {
    case response([UInt8])
    /// The function or the runtime failed: the `Lambda-Runtime-Function-Error-Type` header and the error's JSON.
    case failure(type: String, [UInt8])
    /// The answer was longer than Lambda takes.
    case responseTooLarge
    /// The environment ended before it answered.
    case ended
}

/// How a runtime's initialization went.
public enum InitializationOutcome: Sendable, Equatable {
    /// It asked for its first invocation.
    case ready
    /// It reported an error: type and JSON.
    case failure(type: String, [UInt8])
    case ended
}
