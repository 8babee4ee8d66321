import HTTPTypes

/// A service on the wire: which operation a request names, and how each of its protocols reads and answers.
public final class ServiceWire: Sendable {
    public let model: ServiceModel
    private let formats: [WireProtocol: any WireFormat]
    private let router: RESTRouter

    public init(_ model: ServiceModel) {
        self.model = model
        var formats: [WireProtocol: any WireFormat] = [:]
        for name in model.metadata.protocols { formats[name] = ServiceWire.format(name, model) }
        self.formats = formats
        router = RESTRouter(model)
    }

    /// `nil` for a protocol the service does not speak.
    public func format(_ name: WireProtocol) -> (any WireFormat)? { formats[name] }

    /// The operation a request names, `nil` where the service has none such.
    public func call(named request: WireRequest, _ name: WireProtocol) -> WireCall? {
        switch name {
        case .restJSON, .restXML: router.call(of: request)
        case .json, .query, .ec2, .rpcCBOR:
            ServiceWire.operationName(of: request, name).flatMap { model.operations[$0] }.map { WireCall($0) }
        }
    }

    /// The name a request gives its operation, known or not; `nil` for REST, whose operations are paths.
    public static func operationName(of request: WireRequest, _ name: WireProtocol) -> String? {
        switch name {
        case .json:
            guard let target = request.fields["X-Amz-Target"] else { return nil }
            guard let dot = target.utf8.firstIndex(of: UInt8(ascii: ".")) else { return target }
            return String(target[target.utf8.index(after: dot)...])
        case .query, .ec2:
            return QueryTree.action(of: request)
        case .rpcCBOR:
            let parts = request.path.split(separator: "/")
            guard parts.count >= 4, parts[parts.count - 2] == "operation" else { return nil }
            return parts.last.map(String.init)
        case .restJSON, .restXML: return nil
        }
    }

    private static func format(_ name: WireProtocol, _ model: ServiceModel) -> any WireFormat {
        switch name {
        case .json: JSONFormat(model)
        case .query, .ec2: QueryFormat(model, isEC2: name == .ec2)
        case .restJSON: RESTJSONFormat(model)
        case .restXML: RESTXMLFormat(model)
        case .rpcCBOR: CBORFormat(model)
        }
    }
}
