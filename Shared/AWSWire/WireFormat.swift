/// One wire protocol for one service, in the server's direction.
///
/// On the inner side stands JSON as the model's shapes define it: member names of the model, base64 for blobs, seconds
/// since 1970 for times. A streaming payload is in neither text.
public protocol WireFormat: Sendable {
    /// The operation's input as JSON.
    ///
    /// - Throws: `WireFault`.
    func input(of call: WireCall, _ request: WireRequest) throws(WireFault) -> [UInt8]

    /// The answer for an output; an empty output stands for `{}`.
    ///
    /// - Throws: `WireFault` of kind `output`.
    func success(_ output: [UInt8], of operation: OperationModel, _ context: AnswerContext) throws(WireFault)
        -> WireResponse

    func failure(_ error: WireError, _ context: AnswerContext) -> WireResponse

    /// How the protocol says that a request is broken.
    func error(for fault: WireFault) -> WireError
}
