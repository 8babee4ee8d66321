import HTTP
import HTTPTypes
import JSON

/// The Runtime API's documented refusals.
struct RuntimeError: Error {
    let status: Int
    let type: String
    let message: String

    static let invalidRequestID = RuntimeError(status: 400, type: "InvalidRequestID", message: "Invalid request ID")
    static let invalidTransition = RuntimeError(
        status: 403, type: "InvalidStateTransition", message: "State transition is not allowed")
    static let tooLarge = RuntimeError(
        status: 413, type: "RequestEntityTooLarge",
        message: "Exceeded maximum allowed payload size (\(RuntimeSession.responseLimit) bytes).")
    static let unknownExtension = RuntimeError(
        status: 403, type: "Extension.UnknownExtensionIdentifier", message: "Unknown extension identifier")
    static let invalidExtension = RuntimeError(
        status: 400, type: "Extension.InvalidExtensionName", message: "Empty extension name")
    static let notFound = RuntimeError(status: 404, type: "NotFound", message: "Not found")
    static let truncated = RuntimeError(
        status: 400, type: "InvalidRequest", message: "The body ended before its declared length")

    var response: HTTPResponse {
        var json = JSONWriter()
        json.object {
            $0.member("errorMessage", message)
            $0.member("errorType", type)
        }
        return HTTPResponse(status: status, fields: ["Content-Type": "application/json"], bytes: json.bytes)
    }
}
