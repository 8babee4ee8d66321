import JSON

/// An action of a service: its HTTP binding, what it reads, answers and throws.
public final class OperationModel: Sendable {
    /// `GetItem`
    public let name: String
    public let method: String
    /// The path with its labels and fixed query: `/{Bucket}/{Key+}?uploads`.
    public let uri: String
    /// The status of success.
    public let status: Int
    public let input: ShapeID?
    public let output: ShapeID?
    public let errors: [ShapeID]
    /// The root element of an XML request, where it is not the input shape's name.
    public let inputElement: String?
    /// The element inside a query protocol's response that holds the output.
    public let resultWrapper: String?
    /// `none` where the request carries no signature.
    public let authenticationTypes: [String]
    public let checksum: ChecksumTraits
    /// What stands before the endpoint's host name: `{AccountId}.`.
    public let hostPrefix: String?
    /// A second execution changes nothing.
    public let isIdempotent: Bool
    public let isReadOnly: Bool

    /// - Throws: `ModelError`
    init(named name: String, _ json: JSONValue, by reader: borrowing ModelReader) throws {
        let http = json["http"]
        let authentication = json["auth"]?.elements.compactMap(\.string) ?? []
        self.name = name
        method = http?["method"]?.string ?? "POST"
        uri = http?["requestUri"]?.string ?? "/"
        status = http?["responseCode"]?.int64.map(Int.init) ?? 200
        input = try json["input"].map(reader.target)
        output = try json["output"].map(reader.target)
        errors = try json["errors"]?.elements.map { try reader.id(of: $0.string ?? $0["shape"]?.string) } ?? []
        inputElement = json["input"]?["locationName"]?.string
        resultWrapper = json["output"]?["resultWrapper"]?.string
        authenticationTypes =
            authentication.isEmpty ? [json["authtype"]?.string].compactMap(\.self) : authentication
        checksum = ChecksumTraits(of: json)
        hostPrefix = json["hostPrefix"]?.string
        isIdempotent = json.flag("idempotent")
        isReadOnly = json.flag("readonly")
    }

    /// Callers need no credentials.
    public var allowsAnonymous: Bool { authenticationTypes.contains { $0 == "none" || $0 == "smithy.api#noAuth" } }
}

/// Which checksums an HTTP body has.
public struct ChecksumTraits: Sendable {
    /// The member that names the algorithm of the request's checksum.
    public let algorithmMember: String?
    public let isRequestChecksumRequired: Bool
    /// The member by which a caller asks for the response's checksum.
    public let validationModeMember: String?
    public let responseAlgorithms: [String]

    init(of operation: JSONValue) {
        let facts = operation["httpChecksum"]
        algorithmMember = facts?["requestAlgorithmMember"]?.string
        isRequestChecksumRequired =
            operation.flag("httpChecksumRequired") || facts?["requestChecksumRequired"]?.bool == true
        validationModeMember = facts?["requestValidationModeMember"]?.string
        responseAlgorithms = facts?["responseAlgorithms"]?.elements.compactMap(\.string) ?? []
    }
}
