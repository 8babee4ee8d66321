import AWSSignature
import AWSWire
import HTTPTypes
import ServiceKit

/// Finds service, protocol and operation of a request, from what is surest to what is a guess.
struct Resolver: Sendable {
    private let directory: ServiceDirectory
    private let unknown: UnknownService

    init(_ directory: ServiceDirectory) throws {
        self.directory = directory
        unknown = try UnknownService()
    }

    /// Where the body may say it, `body` is the body; else it is empty.
    func target(of exchange: Exchange, signed: SignedRequest?, body: [UInt8]) throws -> Target {
        let request = WireRequest(head: exchange.head, body: body)
        if let target = try knownTarget(of: exchange, signed, request) { return target }
        return try unknown.target(of: request)
    }

    private func knownTarget(of exchange: Exchange, _ signed: SignedRequest?, _ request: WireRequest) throws -> Target?
    {
        if request.fields.contains("smithy-protocol") { return try rpc(request) }
        if let target = request.fields["X-Amz-Target"] { return try json(request, target) }
        let services = candidates(exchange, signed)
        if Resolver.isForm(request.fields, method: request.method)
            || request.query.contains(where: { $0.name == "Action" })
        {
            if let target = try query(request, services) { return target }
        }
        return try rest(request, services, exchange, signed)
    }

    /// Whether the body has to be read to know the operation.
    static func isForm(_ fields: HTTPFields, method: String) -> Bool {
        method == "POST" && fields.hasMediaType("application/x-www-form-urlencoded")
    }

    /// `/service/{target prefix}/operation/{operation}`
    private func rpc(_ request: WireRequest) throws -> Target? {
        let parts = request.path.split(separator: "/")
        guard parts.count >= 4, parts[parts.count - 4] == "service",
            let service = directory.service(targetPrefix: parts[parts.count - 3])
        else { return nil }
        return try named(service, .rpcCBOR, request)
    }

    private func json(_ request: WireRequest, _ target: String) throws -> Target? {
        if let known = directory.known(target) {
            return try Target(known.wire, .json, request, call: known.call, requestedName: known.call.operation.name)
        }
        let prefix = target[..<(target.utf8.firstIndex(of: UInt8(ascii: ".")) ?? target.endIndex)]
        guard let service = directory.service(targetPrefix: prefix) else { return nil }
        let found = try named(service, .json, request)
        if let found, let call = found.call { directory.remember(target, found.wire, call) }
        return found
    }

    private func query(_ request: WireRequest, _ services: [String]) throws -> Target? {
        if let service = services.first(where: { directory.metadata($0)?.protocols.contains(.query) == true }) {
            return try named(service, .query, request)
        }
        let items = request.query + QueryItem.parse(request.body)
        guard let version = items.first(where: { $0.name == "Version" })?.value,
            let service = directory.queryService(version: version)
        else { return nil }
        return try named(service, .query, request)
    }

    private func named(_ service: String, _ name: WireProtocol, _ request: WireRequest) throws -> Target? {
        guard directory.metadata(service)?.protocols.contains(name) == true else { return nil }
        let wire = try directory.wire(service)
        let requested = ServiceWire.operationName(of: request, name)
        return try Target(wire, name, request, call: wire.call(named: request, name), requestedName: requested)
    }

    /// The first candidate that has the path; a path of nobody is the first candidate's unknown operation.
    private func rest(
        _ request: WireRequest, _ services: [String], _ exchange: Exchange, _ signed: SignedRequest?
    ) throws -> Target? {
        var fallback: Target?
        for service in services {
            guard let name = directory.metadata(service)?.protocols.first(where: { $0 == .restJSON || $0 == .restXML })
            else { continue }
            let wire = try directory.wire(service)
            var request = request
            if service == "s3", case .bucket(let bucket) = exchange.host.meaning {
                // Encoded, because an access point's ARN stands in the place of a bucket's name too.
                request.path = "/\(PercentEncoding.string(bucket))\(request.path)"
            }
            if signed?.scope.service == Resolver.directoryBuckets, request.path == "/", request.method == "GET" {
                request.query.append(QueryItem(name: "x-id", value: "ListDirectoryBuckets"))
            }
            let call = wire.call(named: request, name)
            let target = try Target(wire, name, request, call: call, requestedName: nil)
            if call != nil { return target }
            if fallback == nil { fallback = target }
        }
        return fallback
    }

    /// S3's operations on directory buckets are signed so.
    private static let directoryBuckets = "s3express"

    /// S3's control plane shares its signing name with S3, and clients put the account before the host's name as they
    /// put buckets. It alone has the account in a header.
    private static func isS3Control(_ head: RequestHead) -> Bool {
        head.path.hasPrefix("/v20180820/") && head.fields.contains("x-amz-account-id")
    }

    /// By signature first, by host second; what says nothing is S3's.
    private func candidates(_ exchange: Exchange, _ signed: SignedRequest?) -> [String] {
        if Resolver.isS3Control(exchange.head) { return ["s3control"] }
        if case .bucket = exchange.host.meaning { return ["s3"] }
        if let signed, case let services = directory.services(signingName: signed.scope.service), !services.isEmpty {
            return services
        }
        if let signed { return signed.scope.service == Resolver.directoryBuckets ? ["s3"] : [] }
        if case .service(let prefix) = exchange.host.meaning { return directory.services(endpointPrefix: prefix) }
        return ["s3"]
    }
}
