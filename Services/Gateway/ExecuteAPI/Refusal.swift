import HTTP
import HTTPTypes
import ServiceKit

/// A gateway response: what API Gateway itself answers in place of the integration.
///
/// [Types](https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html)
struct Refusal: Error {
    let status: Int
    let type: String
    let message: String

    static let forbidden = Refusal(status: 403, type: "ForbiddenException", message: "Forbidden")
    static let missingAuthenticationToken = Refusal(
        status: 403, type: "MissingAuthenticationTokenException", message: "Missing Authentication Token")
    static let unauthorized = Refusal(status: 401, type: "UnauthorizedException", message: "Unauthorized")
    static let expiredToken = Refusal(
        status: 401, type: "UnauthorizedException", message: "The incoming token has expired")
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
        json.object { $0.member("message", message) }
        return HTTPResponse(
            status: status, fields: ["Content-Type": "application/json", "x-amzn-ErrorType": type], bytes: json.bytes)
    }
}
