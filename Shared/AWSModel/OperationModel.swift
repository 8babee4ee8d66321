/// An action of a service: its HTTP binding, what it reads, answers and throws.
public struct OperationModel: Sendable {
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

    /// Callers need no credentials.
    public var allowsAnonymous: Bool { authenticationTypes.contains { $0 == "none" || $0 == "smithy.api#noAuth" } }
}

/// Which checksums an HTTP body has.
public struct ChecksumTraits: Sendable {
    /// The member that names the algorithm of the request's checksum.
    public var algorithmMember: String?
    public var isRequestChecksumRequired = false
    /// The member by which a caller asks for the response's checksum.
    public var validationModeMember: String?
    public var responseAlgorithms: [String] = []
}
