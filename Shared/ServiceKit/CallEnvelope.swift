import Bus

/// How a `Call` travels in a bus request: names of its attributes, written and read in this one place.
public enum CallEnvelope {
    private enum Attribute {
        static let region = "region"
        static let requestID = "request-id"
        static let address = "source-address"
        static let secure = "secure"
        static let userAgent = "user-agent"
        static let endpoint = "endpoint"
        static let requestLine = "request-line"
        static let referer = "referer"
        static let signature = "signature"
        static let authentication = "authentication"
    }

    public static func attributes(region: String, requestID: String, source: Call.Source) -> [BusAttribute] {
        var attributes: [BusAttribute] = []
        attributes.reserveCapacity(6)
        attributes.append(BusAttribute(Attribute.region, region))
        attributes.append(BusAttribute(Attribute.requestID, requestID))
        if !source.address.isEmpty { attributes.append(BusAttribute(Attribute.address, source.address)) }
        if source.isSecure { attributes.append(BusAttribute(Attribute.secure, "1")) }
        if !source.userAgent.isEmpty { attributes.append(BusAttribute(Attribute.userAgent, source.userAgent)) }
        attributes.append(BusAttribute(Attribute.endpoint, source.endpoint))
        if let visit = source.visit { append(visit, to: &attributes) }
        return attributes
    }

    private static func append(_ visit: Call.Visit, to attributes: inout [BusAttribute]) {
        attributes.append(BusAttribute(Attribute.requestLine, visit.requestLine))
        if !visit.referer.isEmpty { attributes.append(BusAttribute(Attribute.referer, visit.referer)) }
        if visit.signature.isEmpty { return }
        attributes.append(BusAttribute(Attribute.signature, visit.signature))
        attributes.append(BusAttribute(Attribute.authentication, visit.authentication))
    }

    static func call(of request: BusRequest, caller: Caller, configuration: Config, now: Timestamp) -> Call {
        var region = configuration.region
        var requestID = ""
        var source = Call.Source()
        for attribute in request.attributes {
            let value = attribute.value
            switch attribute.name {
            case Attribute.region: region = value
            case Attribute.requestID: requestID = value
            case Attribute.address: source.address = value
            case Attribute.secure: source.isSecure = value == "1"
            case Attribute.userAgent: source.userAgent = value
            case Attribute.endpoint: source.endpoint = value
            case Attribute.requestLine: source.visit = Call.Visit(requestLine: value)
            case Attribute.referer: source.visit?.referer = value
            case Attribute.signature: source.visit?.signature = value
            case Attribute.authentication: source.visit?.authentication = value
            default: break
            }
        }
        return Call(
            caller: caller, service: request.service, operation: request.operation, region: region,
            account: caller.account.isEmpty ? configuration.account : caller.account, now: now,
            requestID: requestID.isEmpty ? Identifier.uuid() : requestID, trace: request.trace,
            deadline: request.deadline, source: source, body: request.stream)
    }
}
