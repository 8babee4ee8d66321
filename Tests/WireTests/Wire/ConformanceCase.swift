import Bytes
import Glibc
import HTTPTypes
import JSON
import Testing

@testable import AWSWire

/// A case of botocore's protocol tests, read in the server's direction.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
    enum Direction: String, Sendable { case input, output }

    let id: String
    let file: String
    let wire: ServiceWire
    let operation: String
    let json: JSONValue
    let clientEndpoint: String?

    var testDescription: String { "\(file)/\(id)" }

    static var folder: String? {
        if let path = getenv("APUS_CONFORMANCE") { return String(cString: path) }
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let candidates = ["/\(root)/../shared/conformance", "/\(root)/../../shared/conformance"]
        return candidates.first { access($0, R_OK) == 0 }
    }

    static func all(_ direction: Direction, _ protocols: [WireProtocol]) throws -> [ConformanceCase] {
        guard let folder else { return [] }
        return try files.flatMap { file in
            try cases(in: "\(folder)/protocols/\(direction.rawValue)/\(file).json", file)
        }
        .filter { protocols.contains($0.wire.model.metadata.protocols[0]) }
    }

    private static let files = [
        "ec2", "json", "json_1_0", "json_1_0-query-compatible", "query", "rest-json", "rest-xml", "smithy-rpc-v2-cbor",
        "smithy-rpc-v2-cbor-query-compatible", "smithy-rpc-v2-cbor-non-query-compatible",
    ]

    private static func cases(in path: String, _ file: String) throws -> [ConformanceCase] {
        try JSONDocument(read(path)).root.elements.flatMap { suite in
            try (suite["cases"]?.elements).map(Array.init)?.map { try ConformanceCase($0, in: suite, file) } ?? []
        }
    }

    private init(_ json: JSONValue, in suite: JSONValue, _ file: String) throws {
        id = try #require(json["id"]?.string)
        self.file = file
        self.json = json
        clientEndpoint = suite["clientEndpoint"]?.string
        let given = try #require(json["given"])
        let name = try #require(given["name"]?.string)
        operation = name
        var model = JSONWriter()
        model.object { model in
            model.member("metadata", suite["metadata"] ?? given)
            model.member("operations") { $0.object { $0.member(name, given) } }
            model.member("shapes", suite["shapes"] ?? given)
        }
        wire = ServiceWire(try ServiceModel(service: "conformance", model.bytes))
    }

    var format: any WireFormat {
        get throws { try #require(wire.format(wire.model.metadata.protocols[0])) }
    }

    var model: OperationModel {
        get throws { try #require(wire.model.operations[operation]) }
    }

    /// The HTTP request of an input case.
    var request: WireRequest {
        get throws {
            let serialized = try #require(json["serialized"])
            var uri = serialized["uri"]?.string ?? "/"
            if let path = clientEndpoint?.split(separator: "/", maxSplits: 2).dropFirst(2).first {
                uri.removePrefix("/\(path)")
            }
            var head = RequestHead(method: serialized["method"]?.string ?? "POST", target: uri)
            for field in serialized["headers"]?.members.map(\.self) ?? [] {
                head.fields.append(field.name, field.value.string ?? "")
            }
            return WireRequest(head: head, body: try body(of: serialized))
        }
    }

    func body(of message: JSONValue) throws -> [UInt8] {
        let text = message["body"]?.string ?? ""
        guard file.hasPrefix("smithy-rpc-v2-cbor") else { return Array(text.utf8) }
        return try #require(Base64.decode(text.utf8))
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }
}

extension String {
    mutating func removePrefix(_ prefix: String) {
        if hasPrefix(prefix) { self = String(dropFirst(prefix.count)) }
    }
}
