import AWSWire
import ServiceKit

/// Stands for the services that Apus does not know: it refuses every operation in the protocol it was asked in.
struct UnknownService: Sendable {
    private let wire: ServiceWire

    private static let model = """
        {"metadata":{"protocols":["json","query","rest-json","smithy-rpc-v2-cbor"]},"operations":{},"shapes":{}}
        """

    init() throws { wire = ServiceWire(try ServiceModel(service: "unknown", Array(UnknownService.model.utf8))) }

    func target(of request: WireRequest) throws -> Target {
        let name = UnknownService.protocolName(of: request)
        let requested = request.fields["X-Amz-Target"] ?? ServiceWire.operationName(of: request, name)
        return try Target(wire, name, request, call: nil, requestedName: requested)
    }

    private static func protocolName(of request: WireRequest) -> WireProtocol {
        if request.fields.contains("smithy-protocol") { return .rpcCBOR }
        if request.fields.contains("X-Amz-Target") { return .json }
        let isQuery =
            Resolver.isForm(request.fields, method: request.method) || request.query.contains { $0.name == "Action" }
        return isQuery ? .query : .restJSON
    }
}
