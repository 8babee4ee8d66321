/// A structure's member, or what a list or a map holds: a reference to a shape, and where its value stands.
public final class Member: Sendable {
    /// The part of an HTTP message that carries the value.
    public enum Location: String, Sendable {
        case body
        case uri
        case query = "querystring"
        case header
        /// Every header whose name begins with the member's wire name.
        case headers
        case statusCode
    }

    /// The name in the model, and on the bus: `QueueUrl`.
    public let name: String
    public let target: ShapeID
    public let location: Location
    /// The name in URIs, headers, XML, query and REST-JSON bodies, where it is not the member's.
    public let locationName: String?
    /// The name in EC2's query protocol, where it is not the member's.
    public let queryName: String?
    public let isRequired: Bool
    public let traits: MemberTraits
    private let nameBytes: [UInt8]
    /// Of `Shape.requiredBits`; 0 for members that may be absent.
    let requiredBit: UInt64

    /// The name on the wire: the location's name or the member's.
    public var wireName: String { locationName ?? name }

    init(
        name: String, target: ShapeID, location: Location = .body, locationName: String? = nil,
        queryName: String? = nil, isRequired: Bool = false, requiredBit: UInt64 = 0,
        traits: MemberTraits = MemberTraits()
    ) {
        self.name = name
        self.target = target
        self.location = location
        self.locationName = locationName
        self.queryName = queryName
        self.isRequired = isRequired
        self.traits = traits
        self.requiredBit = requiredBit
        nameBytes = Array(name.utf8)
    }

    func isNamed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        nameBytes.withUnsafeBufferPointer { name in
            name.count == bytes.count && name.elementsEqual(bytes)
        }
    }
}

/// How a member differs on the wire from its shape.
public struct MemberTraits: Sendable {
    public var isFlattened = false
    public var isStreaming = false
    public var isXMLAttribute = false
    public var isEventPayload = false
    public var isEventHeader = false
    public var isHostLabel = false
    public var isIdempotencyToken = false
    /// JSON text inside a string or header.
    public var isJSONText = false
    public var isSensitive = false
    public var timestampFormat: TimestampFormat?
    public var xmlNamespace: XMLNamespace?
}
