import AWSSignature
import AWSWire
import Bus
import HTTP
import HTTPTypes
import ServiceKit

/// Writes replies and errors in the protocol a request came in.
struct Answerer: Sendable {
    private let target: Target
    private let context: AnswerContext

    init(_ target: Target, _ exchange: Exchange) {
        self.target = target
        context = AnswerContext(
            requestID: exchange.requestID, hostID: exchange.trace.hex, resource: target.request.path,
            isHead: exchange.head.method == "HEAD")
    }

    func answer(_ reply: BusReply, to call: WireCall, _ body: RequestBody) throws -> HTTPResponse {
        if reply.isError {
            if let fault = body.signatureFault { throw fault }
            throw try ServiceError(json: JSONDocument(reply.body).root)
        }
        let wire = try target.format.success(reply.body, of: call.operation, context)
        guard let stream = reply.stream else { return response(wire) }
        if let bytes = stream.bytesAtHand { return HTTPResponse(head: wire.head, body: .bytes(bytes)) }
        // The owner may not know the length of its stream, but say it in the field that has it.
        let length = stream.length ?? wire.head.fields["Content-Length"].flatMap { Int($0) }
        let sized = ByteStream(length: length) { try await stream.next() }
        return HTTPResponse(head: wire.head, body: .stream(sized))
    }

    func answer(to error: any Error, _ log: Log) -> HTTPResponse {
        let known: WireError
        switch error {
        case let error as WireError: known = error
        case let error as ServiceError: known = wireError(error)
        case let error as SignatureError: known = Answerer.wireError(error.answer(in: dialect))
        case let fault as WireFault where fault.kind != .output: known = target.format.error(for: fault)
        default:
            log.error(
                "A request failed at the gateway",
                [
                    "request": context.requestID, "operation": "\(target.service):\(target.requestedName)",
                    "error": "\(error)",
                ])
            known = wireError(.internalFailure)
        }
        var answer = target.format.failure(known, context)
        if answer.head.status == 503 { answer.head.fields.append("Retry-After", "1") }
        return response(answer)
    }

    private func response(_ wire: WireResponse) -> HTTPResponse {
        var head = wire.head
        // Of AWS's services this one has always said so.
        if target.wire.model.metadata.signingName == "dynamodb" { head.fields.append("Server", "Server") }
        return HTTPResponse(head: head, body: wire.body.isEmpty ? .empty : .bytes(wire.body))
    }

    private func wireError(_ error: ServiceError) -> WireError {
        // The owner lacks an operation that the model has.
        if error.code == "UnknownOperationException" { return target.unknownOperation }
        return WireError(error.code, error.message, status: error.status, members: error.members)
    }

    private static func wireError(_ answer: SignatureAnswer) -> WireError {
        var json = JSONWriter()
        json.object { json in
            for detail in answer.details { json.member(detail.name, detail.value) }
        }
        return WireError(
            answer.code, answer.message, status: answer.status, members: Array(json.bytes.dropFirst().dropLast()))
    }

    private var dialect: ErrorDialect {
        switch target.protocolName {
        case .json, .rpcCBOR: .json
        case .restJSON: .restJSON
        case .query, .ec2: .query
        case .restXML: target.isS3 ? .s3 : .query
        }
    }
}
