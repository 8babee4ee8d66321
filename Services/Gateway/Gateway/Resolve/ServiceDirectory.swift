import AWSWire
import ServiceKit
import Synchronization

/// The services by the names a request can give them; each one's wire is made when it is first asked for.
final class ServiceDirectory: Sendable {
    private let library: ModelLibrary
    private let byTargetPrefix: [String: String]
    private let bySigningName: [String: [String]]
    private let byEndpointPrefix: [String: [String]]
    private let queryByVersion: [String: String]
    private let wires = Mutex<[String: ServiceWire]>([:])
    /// Operations by `X-Amz-Target`; those that exist only, so that clients cannot make it grow.
    private let targets = Mutex<[String: (wire: ServiceWire, call: WireCall)]>([:])

    init(_ library: ModelLibrary) {
        self.library = library
        var byTargetPrefix: [String: String] = [:]
        var bySigningName: [String: [String]] = [:]
        var byEndpointPrefix: [String: [String]] = [:]
        var queryByVersion: [String: String] = [:]
        for (service, metadata) in library.index.sorted(by: { $0.key < $1.key }) {
            if let prefix = metadata.targetPrefix { byTargetPrefix[prefix] = service }
            bySigningName[metadata.signingName, default: []].append(service)
            byEndpointPrefix[metadata.endpointPrefix, default: []].append(service)
            if metadata.protocols.contains(.query) { queryByVersion[metadata.apiVersion] = service }
        }
        self.byTargetPrefix = byTargetPrefix
        self.bySigningName = bySigningName
        self.byEndpointPrefix = byEndpointPrefix
        self.queryByVersion = queryByVersion
    }

    func service(targetPrefix: some StringProtocol) -> String? { byTargetPrefix[String(targetPrefix)] }
    func services(signingName: String) -> [String] { bySigningName[signingName] ?? [] }
    func services(endpointPrefix: String) -> [String] { byEndpointPrefix[endpointPrefix] ?? [] }
    /// Query services are told apart by the date of their API.
    func queryService(version: String) -> String? { queryByVersion[version] }
    func metadata(_ service: String) -> ServiceMetadata? { library.index[service] }

    /// An operation asked for before by the same `X-Amz-Target`.
    func known(_ target: String) -> (wire: ServiceWire, call: WireCall)? { targets.withLock { $0[target] } }

    func remember(_ target: String, _ wire: ServiceWire, _ call: WireCall) {
        targets.withLock { $0[target] = (wire, call) }
    }

    func wire(_ service: String) throws -> ServiceWire {
        if let wire = wires.withLock({ $0[service] }) { return wire }
        let wire = ServiceWire(try library.model(service))
        return wires.withLock { wires in
            if let first = wires[service] { return first }
            wires[service] = wire
            return wire
        }
    }
}
