import HTTP
import HTTPTypes
import ServiceKit

/// The developer's inbox at LocalStack's path: `GET /_aws/ses?id=…&email=…` and `DELETE /_aws/ses?id=…`.
///
/// Mails hold confirmation codes. Requests are signed, for `ses`, by somebody allowed `apus:ReadInbox`; only an open
/// stack, which believes everyone, shows them unsigned.
struct InboxPlane: Sendable {
    let client: ServiceClient
    let authenticator: Authenticator

    private static let bodyLimit = 1 << 16

    func answer(_ exchange: Exchange) async throws -> HTTPResponse {
        let body = try await exchange.request.body.collect(upTo: InboxPlane.bodyLimit)
        let caller = try await authenticator.caller(of: exchange, body: body, service: "ses")
        let options = ServiceClient.Options(of: exchange)
        func parameter(_ name: String) -> String? {
            exchange.head.queryItems.first { $0.name == name && !$0.value.isEmpty }?.value
        }
        switch exchange.head.method {
        case "GET", "HEAD":
            let reply = try await client.call("inbox", "ReadInbox", as: caller, options: options) { json in
                json.member("Id", parameter("id"))
                json.member("Source", parameter("email"))
                json.member("Recipient", parameter("recipient"))
            }
            return HTTPResponse(
                status: 200, fields: ["Content-Type": "application/json", "Cache-Control": "no-store"],
                bytes: Array(reply.output.rawBytes))
        case "DELETE":
            _ = try await client.call("inbox", "ClearInbox", as: caller, options: options) { json in
                json.member("Id", parameter("id"))
            }
            return HTTPResponse(status: 204, fields: [:])
        default:
            throw ServiceError("MethodNotAllowed", "The inbox is read and cleared.", status: 405)
        }
    }
}
