import AWSWire
import Bus
import ServiceKit

/// Sends an operation to the owner of its service.
struct Forwarder: Sendable {
    private let client: ServiceClient
    private let region: String

    init(client: ServiceClient, region: String) {
        self.client = client
        self.region = region
    }

    /// - Throws: `WireFault` where the request is no input, `WireError` where nobody serves the operation.
    func forward(
        _ call: WireCall, _ target: Target, _ body: RequestBody, as identity: Identity, _ exchange: Exchange
    ) async throws -> BusReply {
        guard let owner = Owners.owner(of: target.service) else { throw target.unknownOperation }
        var request = target.request
        Forwarder.removeFraming(from: &request)
        let isStream = target.hasStreamingInput
        if target.isS3 {
            try StatedChecksums(request.fields).requireWhatIsNamed(of: call.operation)
            StatedChecksums.nameTrailing(in: &request.fields)
        }
        if !isStream {
            request.body = try await body.input()
            if target.isS3 { try StatedChecksums(request.fields).verify(request.body, of: call.operation) }
        }
        let input = try target.format.input(of: call, request)
        let operation = call.operation
        return try await client.forward(
            BusRequest(
                service: target.service, operation: operation.name, caller: identity.caller,
                attributes: CallEnvelope.attributes(
                    region: identity.region ?? exchange.host.region ?? region, requestID: exchange.requestID,
                    source: exchange.source(for: target, identity)),
                body: input, stream: isStream ? body.payload : nil,
                deadline: exchange.now + OperationPatience.of(operation, target.service), trace: exchange.trace,
                isIdempotent: OperationPatience.mayRepeat(operation) && !isStream),
            to: owner)
    }

    /// What the framing of `aws-chunked` says of the body is not what the sender means by it.
    private static func removeFraming(from request: inout WireRequest) {
        guard request.fields["X-Amz-Content-Sha256"]?.hasPrefix("STREAMING-") == true else { return }
        if let length = request.fields["X-Amz-Decoded-Content-Length"] { request.fields["Content-Length"] = length }
        guard let encoding = request.fields["Content-Encoding"] else { return }
        let rest = encoding.split(separator: ",").filter { $0.drop { $0 == " " } != "aws-chunked" }
        request.fields["Content-Encoding"] =
            rest.isEmpty ? nil : String(rest.joined(separator: ",").drop { $0 == " " })
    }
}

/// How long an operation may take, and whether it may be sent a second time.
enum OperationPatience {
    static func of(_ operation: OperationModel, _ service: String) -> Duration {
        switch (service, operation.name) {
        // A function may run for fifteen minutes.
        case ("lambda", "Invoke"), ("lambda", "InvokeWithResponseStream"): .seconds(910)
        case ("s3", _): .seconds(3600)
        default: .seconds(60)
        }
    }

    private static let readingVerbs = [
        "Get", "List", "Describe", "Head", "Query", "Scan", "BatchGet", "Search", "Lookup",
    ]

    /// Reading has no effect to repeat.
    static func mayRepeat(_ operation: OperationModel) -> Bool {
        operation.isReadOnly || operation.isIdempotent
            || readingVerbs.contains { operation.name.hasPrefix($0) }
    }
}
