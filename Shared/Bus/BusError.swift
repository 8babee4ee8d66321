/// Why a call brought no reply.
public enum BusError: Error, Equatable {
    /// No replica of the owner answers; the request was not sent.
    case noRoute(String)
    /// The replica went away while the call was open.
    case connectionLost(maybeExecuted: Bool)
    /// The deadline passed before the reply. The callee may have executed the request in time.
    case deadlineExceeded
    /// Too many calls or streams are open already; the request was not executed.
    case overloaded
    /// The calling task was cancelled, or the client was closed.
    case cancelled
    /// The other side broke the protocol or a limit.
    case protocolViolation(String)
}

/// Why an endpoint could not be set up.
public enum BusSetupError: Error, Equatable {
    case malformedAddress(String)
    /// The address cannot be bound or connected; the reason is ZeroMQ's.
    case unusable(BusAddress, reason: String)
    /// The folder of an `ipc` socket must belong to this user and be closed to all others.
    case unsafeDirectory(String, reason: String)
    /// Plain `tcp` is for the loopback interface only; between machines CURVE is required.
    case tcpWithoutSecurity(BusAddress)
    case malformedKey
    case alreadyStarted
}
