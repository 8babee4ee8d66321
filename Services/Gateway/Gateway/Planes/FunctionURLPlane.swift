import AWSSignature
import HTTP
import HTTPTypes
import ServiceKit

/// Function URLs: the gateway says who sent the request, Lambda decides and answers.
struct FunctionURLPlane: Sendable {
    let client: ServiceClient
    let authenticator: Authenticator

    /// Lambda's limit on payloads is 6 MB of event, the body in base64 included.
    private static let bodyLimit = 6 << 20
    /// A function may run for fifteen minutes.
    private static let patience = Duration.seconds(910)

    func answer(_ exchange: Exchange, id: String) async throws -> HTTPResponse {
        let body = try await exchange.request.body.collect(upTo: FunctionURLPlane.bodyLimit)
        var parameters = ["UrlId": id]
        var caller = Caller.anonymous
        if case .signed = try? RequestAuthentication.parse(exchange.head) {
            do {
                caller = try await authenticator.caller(of: exchange, body: body, service: "lambda")
            } catch let error as SignatureError {
                // A URL open to everybody takes what looks like a signature as any other header.
                parameters["SignatureFault"] = error.answer(in: .restJSON).message
            }
        }
        let request = PlaneRequest(exchange, path: String(exchange.head.path), parameters: parameters, body: body)
        var options = ServiceClient.Options(of: exchange)
        options.timeout = FunctionURLPlane.patience
        do {
            let reply = try await client.call(
                "function-url", "InvokeFunctionUrl", as: caller, options: options
            ) { request.write(to: &$0) }
            return try HTTPResponse(reply)
        } catch let error as ServiceError {
            return FunctionURLPlane.refusal(error, exchange)
        }
    }

    private static func refusal(_ error: ServiceError, _ exchange: Exchange) -> HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            switch error.code {
            case "AccessDeniedException":
                json.member(
                    "Message",
                    "Forbidden. For troubleshooting Function URL authorization issues, see: "
                        + "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html")
            case "ResourceNotFoundException": json.member("Message") { $0.null() }
            default: json.member("Message", error.message)
            }
        }
        return HTTPResponse(
            status: error.status,
            fields: [
                "Content-Type": "application/json", "x-amzn-RequestId": exchange.requestID,
                "x-amzn-ErrorType": error.code,
            ], bytes: json.bytes)
    }
}
