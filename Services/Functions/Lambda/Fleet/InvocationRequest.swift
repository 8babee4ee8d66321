import RuntimeAPI
import ServiceKit

/// One invocation, ready to be run.
struct InvocationRequest: Sendable {
    var requestID: String
    var payload: [UInt8]
    var functionARN: String
    var trace: String?
    var clientContext: String?
    /// Whether the caller wants the last 4 KiB of the log.
    var wantsLog = false

    init(requestID: String, payload: [UInt8], functionARN: String) {
        self.requestID = requestID
        self.payload = payload
        self.functionARN = functionARN
    }

    func invocation(deadline: Timestamp) -> Invocation {
        var invocation = Invocation(
            requestID: requestID, payload: payload, deadline: deadline, functionARN: functionARN)
        invocation.trace = trace
        invocation.clientContext = clientContext
        return invocation
    }
}

/// What came of an invocation.
struct InvocationResult: Sendable {
    let payload: [UInt8]
    /// `Unhandled` when the payload describes an error.
    let functionError: String?
    var logTail: [UInt8]?

    static func success(_ payload: [UInt8]) -> InvocationResult {
        InvocationResult(payload: payload, functionError: nil)
    }

    static func failure(_ payload: [UInt8]) -> InvocationResult {
        InvocationResult(payload: payload, functionError: "Unhandled")
    }

    /// An error that the platform words, as opposed to the function.
    static func failure(type: String, _ message: String) -> InvocationResult {
        var json = JSONWriter()
        json.object {
            $0.member("errorType", type)
            $0.member("errorMessage", message)
        }
        return .failure(json.bytes)
    }
}
