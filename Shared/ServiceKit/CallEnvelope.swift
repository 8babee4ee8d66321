import Bus

/// How a `Call` travels in a bus request: names of its attributes, written and read in this one place.
public enum CallEnvelope {
    private enum Attribute {
        static let region = "region"
        static let requestID = "request-id"
        static let address = "source-address"
        static let tlsVersion = "tls"
        static let userAgent = "user-agent"
        static let endpoint = "endpoint"
        static let requestLine = "request-line"
        static let referer = "referer"
        static let signature = "signature"
        static let authentication = "authentication"
        static let signed = "signed"
        static let payload = "payload"
        static let invocation = "invocation"
    }

    public static func attributes(region: String, requestID: String, source: Call.Source) -> [BusAttribute] {
        var attributes: [BusAttribute] = []
        attributes.reserveCapacity(6)
        attributes.append(BusAttribute(Attribute.region, region))
        attributes.append(BusAttribute(Attribute.requestID, requestID))
        if !source.address.isEmpty { attributes.append(BusAttribute(Attribute.address, source.address)) }
        if source.isSecure { attributes.append(BusAttribute(Attribute.tlsVersion, source.tlsVersion)) }
        if !source.userAgent.isEmpty { attributes.append(BusAttribute(Attribute.userAgent, source.userAgent)) }
        attributes.append(BusAttribute(Attribute.endpoint, source.endpoint))
        if let visit = source.visit { append(visit, to: &attributes) }
        if !source.invocation.isEmpty { attributes.append(BusAttribute(Attribute.invocation, source.invocation)) }
        return attributes
    }

    private static func append(_ visit: Call.Visit, to attributes: inout [BusAttribute]) {
        attributes.append(BusAttribute(Attribute.requestLine, visit.requestLine))
        if !visit.referer.isEmpty { attributes.append(BusAttribute(Attribute.referer, visit.referer)) }
        guard let signature = visit.signature else { return }
        attributes.append(BusAttribute(Attribute.signature, signature.algorithm))
        attributes.append(BusAttribute(Attribute.authentication, signature.form.rawValue))
        if let date = signature.date { attributes.append(BusAttribute(Attribute.signed, String(date.milliseconds))) }
        if !signature.payload.isEmpty { attributes.append(BusAttribute(Attribute.payload, signature.payload)) }
    }

    static func call(
        of request: BusRequest, caller: Caller, configuration: Config, now: Timestamp, authority: CallAuthority
    ) -> Call {
        var region = configuration.region
        var requestID = ""
        var source = Call.Source()
        var signature = SignatureReader()
        for attribute in request.attributes {
            let value = attribute.value
            switch attribute.name {
            case Attribute.region: region = value
            case Attribute.requestID: requestID = value
            case Attribute.address: source.address = value
            case Attribute.tlsVersion: source.tlsVersion = value
            case Attribute.userAgent: source.userAgent = value
            case Attribute.endpoint: source.endpoint = value
            case Attribute.requestLine: source.visit = Call.Visit(requestLine: value)
            case Attribute.referer: source.visit?.referer = value
            case Attribute.signature: signature.algorithm = value
            case Attribute.authentication: signature.form = RequestSignature.Form(rawValue: value)
            case Attribute.signed: signature.date = Int64(value).map { Timestamp(milliseconds: $0) }
            case Attribute.payload: signature.payload = value
            case Attribute.invocation: source.invocation = value
            default: break
            }
        }
        source.visit?.signature = signature.whole
        return Call(
            caller: caller, service: request.service, operation: request.operation, region: region,
            account: caller.account.isEmpty ? configuration.account : caller.account, now: now,
            requestID: requestID.isEmpty ? Identifier.uuid() : requestID, trace: request.trace,
            deadline: request.deadline, source: source, body: request.stream, authority: authority)
    }
}

/// A signature as its attributes come in, one by one.
private struct SignatureReader {
    var form: RequestSignature.Form?
    var algorithm = ""
    var date: Timestamp?
    var payload = ""

    var whole: RequestSignature? {
        form.map { RequestSignature($0, algorithm: algorithm, date: date, payload: payload) }
    }
}
