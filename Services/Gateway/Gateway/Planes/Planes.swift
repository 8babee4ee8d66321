import AWSSignature
import HTTP
import HTTPTypes
import ServiceKit

/// Answers on the planes: the gateway's own, and those whose owners get the request as it came.
struct Planes: Sendable {
    /// API Gateway's limit on payloads.
    private static let bodyLimit = 10 << 20
    private let host: ServiceHost
    private let apis: APIPlane
    private let inbox: InboxPlane
    private let functions: FunctionURLPlane
    private let catalog: CatalogPlane

    init(host: ServiceHost, authenticator: Authenticator) {
        self.host = host
        apis = APIPlane(host: host, authenticator: authenticator)
        inbox = InboxPlane(client: host.client, authenticator: authenticator)
        functions = FunctionURLPlane(client: host.client, authenticator: authenticator)
        catalog = CatalogPlane(client: host.client, authenticator: authenticator)
    }

    func answer(_ exchange: Exchange, on plane: Plane) async -> HTTPResponse {
        do {
            return try await answerKnown(exchange, on: plane)
        } catch let error as ServiceError {
            return Planes.refusal(error, exchange)
        } catch let error as SignatureError {
            let answer = error.answer(in: .restJSON)
            return Planes.refusal(ServiceError(answer.code, answer.message, status: answer.status), exchange)
        } catch ByteStreamError.tooLong {
            return Planes.refusal(
                ServiceError("RequestTooLong", "HTTP content length exceeded 10485760 bytes.", status: 413), exchange)
        } catch {
            host.log.error("A request failed at the gateway", ["request": exchange.requestID, "error": "\(error)"])
            return Planes.refusal(.internalFailure, exchange)
        }
    }

    /// The page of a website whose bucket bears the host's name; `nil` where there is none, or the request is for the
    /// stack itself.
    ///
    /// [Custom domains](https://docs.aws.amazon.com/AmazonS3/latest/userguide/website-hosting-custom-domain-walkthrough.html)
    func page(ofCustomDomain exchange: Exchange) async -> HTTPResponse? {
        guard let name = exchange.host.customDomain, ["GET", "HEAD"].contains(exchange.head.method),
            case .anonymous = try? RequestAuthentication.parse(exchange.head)
        else { return nil }
        let page = await answer(exchange, on: .website(bucket: name))
        switch page.head.fields["x-amz-error-code"] {
        case "NoSuchBucket", "NoSuchWebsiteConfiguration": return nil
        default: return page
        }
    }

    private func answerKnown(_ exchange: Exchange, on plane: Plane) async throws -> HTTPResponse {
        switch plane {
        case .health: HealthPage.own()
        case .serviceHealth: HealthPage.service(exchange.head.fields["Host"] ?? "")
        case .localStackHealth: HealthPage.localStack()
        case .metrics: await MetricsPage(host: host).answer()
        case .inbox: try await inbox.answer(exchange)
        case .api(let id, let stage, let path): try await apis.answer(exchange, api: id, stage: stage, path: path)
        case .website(let bucket):
            try await forward(
                exchange, to: "apus.objects", "GetWebsitePage", path: String(exchange.head.path), ["Bucket": bucket])
        case .keySet(let pool): try await document("GetJWKS", exchange) { $0.member("PoolId", pool) }
        case .openIDConfiguration(let pool):
            try await document("GetOpenIDConfiguration", exchange) { json in
                json.member("PoolId", pool)
                json.member("Endpoint", exchange.endpoint)
            }
        case .signingCertificate(let name): try await certificate(name)
        case .functionURL(let id): try await functions.answer(exchange, id: id)
        case .catalog: try await catalog.answer(exchange)
        }
    }

    private func forward(
        _ exchange: Exchange, to service: String, _ operation: String, path: String, _ parameters: [String: String]
    ) async throws -> HTTPResponse {
        let body = try await exchange.request.body.collect(upTo: Planes.bodyLimit)
        let request = PlaneRequest(exchange, path: path, parameters: parameters, body: body)
        var options = ServiceClient.Options(of: exchange)
        options.timeout = .seconds(60)
        let reply = try await host.client.call(service, operation, options: options) { request.write(to: &$0) }
        return try HTTPResponse(reply)
    }

    /// A public document of `auth`.
    private func document(
        _ operation: String, _ exchange: Exchange, input: (inout JSONWriter) -> Void
    ) async throws -> HTTPResponse {
        var options = ServiceClient.Options()
        options.timeout = .seconds(5)
        options.isIdempotent = true
        let reply = try await host.client.call("apus.auth", operation, options: options, input: input)
        guard let document = reply.output["Document"] else { throw ServiceError.internalFailure }
        return HTTPResponse(
            status: 200, fields: ["Content-Type": "application/json", "Access-Control-Allow-Origin": "*"],
            bytes: Array(document.rawBytes))
    }

    /// The certificate by which a receiver checks SNS's signatures.
    private func certificate(_ name: String) async throws -> HTTPResponse {
        var options = ServiceClient.Options()
        options.timeout = .seconds(5)
        options.isIdempotent = true
        let reply = try await host.client.call("apus.messages", "ReadSigningCertificate", options: options) {
            $0.member("Name", name)
        }
        let certificate = try String(json: reply.output["Certificate"] ?? reply.output)
        return HTTPResponse(
            status: 200, fields: ["Content-Type": "application/x-pem-file"], bytes: Array(certificate.utf8))
    }

    /// API Gateway's form of errors, which every plane shares.
    private static func refusal(_ error: ServiceError, _ exchange: Exchange) -> HTTPResponse {
        var json = JSONWriter()
        json.object { $0.member("message", error.message) }
        var fields: HTTPFields = [
            "Content-Type": "application/json", "x-amzn-RequestId": exchange.requestID, "x-amzn-ErrorType": error.code,
        ]
        if error.status == 503 { fields.append("Retry-After", "1") }
        // Owners do not know of planes; what they refuse as unknown is not there.
        let status = error.code == "ResourceNotFoundException" ? 404 : error.status
        return HTTPResponse(status: status, fields: fields, bytes: json.bytes)
    }
}
