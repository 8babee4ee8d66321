import Bytes

/// Calls owners of state, each at the least busy of its replicas.
///
/// Replicas are connected at an owner's first call. One client serves a whole process.
public final class BusClient: Sendable {
    private let limits: BusLimits
    private let mailbox = Mailbox<ClientCommand>()

    public init(routes: any BusRoutes, security: BusSecurity? = nil, limits: BusLimits = BusLimits()) {
        self.limits = limits
        startThread(named: "bus-client") { [mailbox] in
            ClientLoop(routes: routes, security: security, limits: limits, mailbox: mailbox).run()
        }
    }

    deinit { close() }

    /// Sends a request to the least busy replica of `owner` and waits for its reply.
    ///
    /// Cancelling the task cancels the callee's. The reply's stream outlives the call and its deadline.
    /// - Throws: `BusError`
    public func call(_ owner: String, _ request: BusRequest) async throws -> BusReply {
        let meta = Meta(
            service: request.service, operation: request.operation, caller: request.caller,
            attributes: request.attributes, streamLength: request.stream?.length
        ).encoded()
        guard request.body.count <= limits.bodyBytes, meta.count <= limits.metaBytes else {
            throw BusError.protocolViolation("the request exceeds a limit of the bus")
        }
        let ticket = CallTicket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let call = OutgoingCall(request, to: owner, meta: meta, ticket: ticket, continuation: continuation)
                if Task.isCancelled || !mailbox.post(.call(call)) { continuation.resume(throwing: BusError.cancelled) }
            }
        } onCancel: {
            ticket.cancel()
            mailbox.post(.cancel(ticket.correlation))
        }
    }

    /// Fails what is open with `BusError.cancelled` and disconnects.
    public func close() { mailbox.post(.close) }
}
