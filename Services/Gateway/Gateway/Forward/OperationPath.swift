import AWSSignature
import AWSWire
import Bus
import HTTP
import HTTPTypes
import ServiceKit

/// The way of an AWS operation: resolve · authenticate · read · forward · answer.
struct OperationPath: Sendable {
    private let resolver: Resolver
    private let authenticator: Authenticator
    private let forwarder: Forwarder
    private let log: Log

    init(host: ServiceHost, settings: GatewaySettings, authenticator: Authenticator) throws {
        resolver = try Resolver(ServiceDirectory(try ModelLibrary.installed()))
        self.authenticator = authenticator
        forwarder = Forwarder(client: host.client, region: settings.region)
        log = host.log
    }

    func answer(_ exchange: Exchange) async -> HTTPResponse {
        do {
            if let form = FormUpload(exchange) { return try await answerForm(form, exchange) }
            return try await answerResolved(exchange.withHeadersOfQuery())
        } catch {
            log.error("A request failed at the gateway", ["request": exchange.requestID, "error": "\(error)"])
            return HTTPResponse(status: 500, fields: ["x-amzn-RequestId": exchange.requestID])
        }
    }

    /// S3's refusal of a head that is too large, if the request is S3's; of other services AWS documents none.
    func answer(toOversized exchange: Exchange) -> HTTPResponse? {
        let (signed, _) = Self.signature(of: exchange)
        // What comes to be sent to any service says it in a field that may not have come.
        guard signed != nil || exchange.host.meaning != .stack || exchange.head.path != "/",
            let target = try? resolver.target(of: exchange, signed: signed, body: []), target.isS3
        else { return nil }
        return Answerer(target, exchange).answer(to: S3Framing.headersTooLarge, log)
    }

    /// A browser's form becomes the request that its fields describe, on behalf of whoever signed its policy.
    private func answerForm(_ form: FormUpload, _ exchange: Exchange) async throws -> HTTPResponse {
        let target = try resolver.target(of: form.put(key: "-", exchange), signed: nil, body: [])
        var answerer = Answerer(target, exchange)
        do {
            let posted = try await form.read(exchange)
            let put = form.put(key: posted.key, exchange, posted.headers)
            let target = try resolver.target(of: put, signed: nil, body: [])
            answerer = Answerer(target, exchange)
            guard let call = target.call, call.operation.name == "PutObject" else { throw FormError.malformed }
            let identity = try await authenticator.identity(
                ofPolicy: posted.fields["policy"], posted.fields, now: exchange.now)
            let file = try posted.permitted(in: form.bucket, now: exchange.now)
            var body = RequestBody(HTTPRequest(head: put.head, body: file.stream))
            try body.verify(as: identity, put.head)
            let reply = try await forwarder.forward(call, target, body, as: identity, exchange)
            if reply.isError, let fault = file.fault { throw fault }
            return try FormAnswer(posted, form.bucket, exchange).answer(answerer.answer(reply, to: call, body))
        } catch let error as FormError {
            return answerer.answer(to: error.answer, log)
        } catch {
            return answerer.answer(to: error, log)
        }
    }

    private func answerResolved(_ exchange: Exchange) async throws -> HTTPResponse {
        let (signed, authentication) = Self.signature(of: exchange)
        // A form names its operation in its body: that has to be read before anything is known.
        var body = RequestBody(exchange.request)
        let isForm = Resolver.isForm(exchange.head.fields, method: exchange.head.method)
        if isForm, try await body.collect() == nil {
            return HTTPResponse(status: 413, text: "The form is too long.\n")
        }
        let target = try resolver.target(of: exchange, signed: signed, body: body.bytes ?? [])
        let answerer = Answerer(target, exchange)
        do {
            if target.isS3 { try S3Framing.check(exchange.request.head.fields) }
            guard let call = target.call else { throw target.unknownOperation }
            if !target.hasStreamingInput, try await body.collect(upTo: target.bodyLimit) == nil {
                throw WireError.tooLong(target.bodyLimit)
            }
            let identity = try await authenticator.identity(
                of: try authentication.mapError { target.isS3 ? $0 : $0.first(at: exchange.now) }.get(), exchange.head,
                body: body.bytes,
                service: ServiceNames(name: target.wire.model.metadata.signingName),
                allowsAnonymous: target.allowsAnonymous, now: exchange.now)
            try body.verify(as: identity, exchange.head)
            if target.hasStreamingInput {
                try await body.collectShortPayload(exchange.head)
            } else if let coding = try CompressedInput.coding(of: exchange.head, for: target) {
                try body.expand(coding, upTo: target.bodyLimit)
            }
            let reply = try await forwarder.forward(call, target, body, as: identity, exchange)
            let answer = try answerer.answer(reply, to: call, body)
            return try await CompressedAnswer.compress(answer, of: target, for: exchange.head)
        } catch {
            var refusal = answerer.answer(to: error, log)
            if target.isS3, S3Framing.hasUnknownLength(exchange.head.fields) {
                refusal.head.fields["Connection"] = "close"
            }
            return refusal
        }
    }
}

extension OperationPath {
    /// What a request says of who sent it, not yet verified.
    private static func signature(
        of exchange: Exchange
    ) -> (SignedRequest?, Result<RequestAuthentication, SignatureError>) {
        let bucket: String? = if case .bucket(let name) = exchange.host.meaning { name } else { nil }
        let authentication = Result { () throws(SignatureError) in
            try RequestAuthentication.parse(exchange.head, bucket: bucket)
        }
        guard case .success(.signed(let request)) = authentication else { return (nil, authentication) }
        return (request, authentication)
    }
}

extension WireError {
    static func tooLong(_ limit: Int) -> WireError {
        WireError("RequestEntityTooLargeException", "Request is larger than \(limit) bytes.", status: 413)
    }
}
