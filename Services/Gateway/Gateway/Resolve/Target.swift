import AWSWire
import ServiceKit

/// What an AWS request is for: service, protocol and, where it exists, the operation. An object, as every step holds it.
final class Target: Sendable {
    let wire: ServiceWire
    let protocolName: WireProtocol
    let format: any WireFormat
    /// `nil` where the service has no such operation.
    let call: WireCall?
    /// As the client named it, for the answer that there is none.
    let requestedName: String
    let request: WireRequest

    var service: String { wire.model.service }
    var isS3: Bool { service == "s3" }

    /// Services whose resource policies may let anybody in.
    private static let publicServices: Set<String> = ["s3", "sns", "sqs"]

    /// Whether an unsigned request gets as far as the owner. Elsewhere AWS misses the signature before anything else.
    var allowsAnonymous: Bool {
        Self.publicServices.contains(service) || call?.operation.allowsAnonymous ?? true
    }

    /// Bytes of a body that is read whole: what AWS documents for the service, or what the bus carries.
    var bodyLimit: Int { service == "dynamodb" ? 16 << 20 : RequestBody.limit }

    /// - Throws: `UnspokenProtocol`
    init(_ wire: ServiceWire, _ name: WireProtocol, _ request: WireRequest, call: WireCall?, requestedName: String?)
        throws
    {
        guard let format = wire.format(name) else { throw UnspokenProtocol(service: wire.model.service, name: name) }
        self.wire = wire
        protocolName = name
        self.format = format
        self.call = call
        self.request = request
        self.requestedName = requestedName ?? call?.operation.name ?? "\(request.method) \(request.path)"
    }

    /// The input's payload travels as a stream.
    var hasStreamingInput: Bool {
        guard let input = call?.operation.input, let payload = wire.model[input].payload else { return false }
        return payload.traits.isStreaming || wire.model[payload.target].traits.isStreaming
    }

    /// AWS's refusal of an operation that is not there.
    var unknownOperation: WireError {
        let message = "The operation \(requestedName) of \(service) is not implemented by Apus."
        return switch protocolName {
        case .json, .rpcCBOR: WireError("UnknownOperationException", message)
        case .restJSON: WireError("UnknownOperationException", message, status: 404)
        case .query, .ec2: WireError("InvalidAction", message)
        case .restXML: WireError("NotImplemented", message, status: isS3 ? 501 : 404)
        }
    }
}

/// A service asked in a protocol it does not speak.
struct UnspokenProtocol: Error {
    let service: String
    let name: WireProtocol
}
