import Bytes

/// Calls owners of state, each at the least busy of its replicas.
///
/// Replicas are connected at an owner's first call. One client serves a whole process.
public final class BusClient: Sendable {
    private let limits: BusLimits
    private let lanes: [ReactorLane]
    /// For tasks that run on none of the reactors.
    private let thread: ThreadLane

    /// - Parameters:
    ///   - reactors: event loops whose own tasks call without a change of threads.
    ///   - diskWork: where reads wait for the disk. With it, owners on this machine hand over the files that long replies
    ///     lie in, and their streams read them; `nil` has the bytes sent.
    public init(
        routes: any BusRoutes, security: BusSecurity? = nil, limits: BusLimits = BusLimits(),
        reactors: [any BusReactor] = [], diskWork: DiskWork? = nil
    ) {
        self.limits = limits
        let makeLoop: @Sendable (Mailbox<ClientCommand>) -> ClientLoop = { mailbox in
            ClientLoop(routes: routes, security: security, limits: limits, diskWork: diskWork, mailbox: mailbox)
        }
        lanes = reactors.map { ReactorLane($0, makeLoop) }
        thread = ThreadLane(makeLoop)
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
        let lane: any ClientLane = lanes.first { $0.isCurrent } ?? thread
        return try await withTaskCancellationHandler {
            // Resumed exactly once: here where no lane takes the call, else where the lane's loop ends it.
            try await withUnsafeThrowingContinuation { continuation in
                let call = OutgoingCall(request, to: owner, meta: meta, ticket: ticket, continuation: continuation)
                if Task.isCancelled || !lane.open(call) { continuation.resume(throwing: BusError.cancelled) }
            }
        } onCancel: {
            ticket.cancel()
            lane.cancel(ticket)
        }
    }

    /// Fails what is open with `BusError.cancelled` and disconnects.
    public func close() {
        for lane in lanes { lane.close() }
        thread.close()
    }
}
