import HTTP
import HTTPTypes
import ServiceKit

/// A gateway response: what API Gateway itself answers in place of the integration.
///
/// [Types](https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html)
struct Refusal: Error {
    let status: Int
    let type: String
    let message: String?
    /// What the message stands under: some of AWS's answers have it with a capital letter.
    var member = "message"

    static let forbidden = Refusal(status: 403, type: "ForbiddenException", message: "Forbidden")
    static let missingAuthenticationToken = Refusal(
        status: 403, type: "MissingAuthenticationTokenException", message: "Missing Authentication Token")
    static let unauthorized = Refusal(status: 401, type: "UnauthorizedException", message: "Unauthorized")
    static let expiredToken = Refusal(
        status: 401, type: "UnauthorizedException", message: "The incoming token has expired")
    static let notAuthorized = Refusal(
        status: 403, type: "AccessDeniedException", message: "User is not authorized to access this resource",
        member: "Message")
    static let explicitlyDenied = Refusal(
        status: 403, type: "AccessDeniedException",
        message: "User is not authorized to access this resource with an explicit deny", member: "Message")
    /// The authorizer's function failed, or answered something of another form.
    static let authorizerFailure = Refusal(
        status: 500, type: "AuthorizerConfigurationException", message: nil)
    static let limitExceeded = Refusal(status: 429, type: "LimitExceededException", message: "Limit Exceeded")
    static let tooManyRequests = Refusal(
        status: 429, type: "TooManyRequestsException", message: "Too Many Requests")
    static let tooLarge = Refusal(status: 413, type: "RequestTooLargeException", message: "Request Too Long")
    static let internalError = Refusal(
        status: 500, type: "InternalServerErrorException", message: "Internal server error")
    static let badIntegrationAnswer = Refusal(
        status: 502, type: "InternalServerErrorException", message: "Internal server error")
    static let timedOut = Refusal(
        status: 504, type: "InternalServerErrorException", message: "Endpoint request timed out")

    var response: HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            if let message { json.member(member, message) } else { json.member(member) { $0.null() } }
        }
        return HTTPResponse(
            status: status, fields: ["Content-Type": "application/json", "x-amzn-ErrorType": type], bytes: json.bytes)
    }
}
