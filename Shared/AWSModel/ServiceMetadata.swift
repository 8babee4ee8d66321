import JSON

/// A wire protocol, by the name the service models give it.
public enum WireProtocol: String, Sendable, Hashable {
    case json
    case query
    case ec2
    case restJSON = "rest-json"
    case restXML = "rest-xml"
    case rpcCBOR = "smithy-rpc-v2-cbor"
}

/// A service's names on the wire.
public struct ServiceMetadata: Sendable {
    /// The model's file name: `cognito-idp`.
    public let service: String
    /// `2012-08-10`
    public let apiVersion: String
    /// The first label of the service's host name: `streams.dynamodb`.
    public let endpointPrefix: String
    /// The service in a credential scope.
    public let signingName: String
    /// Every protocol it answers, the preferred one first.
    public let protocols: [WireProtocol]
    /// What stands before the dot in `X-Amz-Target`.
    public let targetPrefix: String?
    /// `1.0` or `1.1`
    public let jsonVersion: String
    public let xmlNamespace: XMLNamespace?
    /// `S3`, `Cognito Identity Provider`
    public let serviceID: String
    /// Errors also carry the code they had in the query protocol.
    public let isQueryCompatible: Bool

    public init(service: String, json: JSONValue) {
        self.service = service
        apiVersion = json["apiVersion"]?.string ?? ""
        endpointPrefix = json["endpointPrefix"]?.string ?? service
        signingName = json["signingName"]?.string ?? endpointPrefix
        let names = json["protocols"]?.elements.compactMap(\.string) ?? []
        protocols = (names.isEmpty ? [json["protocol"]?.string ?? ""] : names).compactMap(WireProtocol.init)
        targetPrefix = json["targetPrefix"]?.string
        jsonVersion = json["jsonVersion"]?.string ?? "1.1"
        xmlNamespace = json["xmlNamespace"].flatMap(XMLNamespace.init(json:))
        serviceID = json["serviceId"]?.string ?? service
        isQueryCompatible = json["awsQueryCompatible"] != nil
    }
}
