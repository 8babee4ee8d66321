import AWSSignature
import HTTP
import HTTPTypes
import ServiceKit

/// The Iceberg REST endpoint of S3 Tables: the gateway says who asks, and gives errors the form that Iceberg has for them.
///
/// [The catalog's API](https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml)
struct CatalogPlane: Sendable {
    let client: ServiceClient
    let authenticator: Authenticator

    private static let bodyLimit = 1 << 20

    func answer(_ exchange: Exchange) async throws -> HTTPResponse {
        do {
            let body = try await exchange.request.body.collect(upTo: Self.bodyLimit)
            let caller = try await authenticator.caller(of: exchange, body: body, service: "s3tables")
            let request = PlaneRequest(exchange, path: String(exchange.head.path), parameters: [:], body: body)
            let reply = try await client.call(
                "iceberg-catalog", "AnswerCatalogRequest", as: caller,
                options: ServiceClient.Options(of: exchange)
            ) { request.write(to: &$0) }
            return try HTTPResponse(reply)
        } catch let error as ServiceError {
            return Self.refusal(error, exchange)
        } catch let error as SignatureError {
            let answer = error.answer(in: .restJSON)
            return Self.refusal(ServiceError(answer.code, answer.message, status: answer.status), exchange)
        }
    }

    private static func refusal(_ error: ServiceError, _ exchange: Exchange) -> HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.member("error") { json in
                json.object { json in
                    json.member("message", error.message)
                    json.member("type", error.code)
                    json.member("code", error.status)
                }
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
