/// A shape's place in its `ServiceModel`.
public struct ShapeID: Sendable, Hashable {
    public let index: Int
}

/// A type of a service model: what a value of it may be and how it is written.
public final class Shape: Sendable {
    public enum Kind: String, Sendable {
        case structure, list, map, string, character, boolean, integer, long, float, double, bigdecimal, biginteger
        case blob, timestamp
    }

    public let name: String
    public let kind: Kind
    /// A structure's members in the model's order.
    public let members: [Member]
    /// What a list holds.
    public let element: Member?
    /// What a map's keys and values are.
    public let key: Member?
    public let value: Member?
    public let constraint: Constraint
    public let traits: ShapeTraits
    /// What an error answers; `nil` for shapes that are no errors.
    public let error: ErrorTraits?
    /// Whether any member is an attribute of the structure's XML element.
    public let hasXMLAttributes: Bool
    /// One bit per required member that travels in the JSON, at the member's `requiredBit`.
    let requiredBits: UInt64

    init(
        name: String, kind: Kind, members: [Member], element: Member?, key: Member?, value: Member?,
        constraint: Constraint, traits: ShapeTraits, error: ErrorTraits?
    ) {
        self.name = name
        self.kind = kind
        self.members = members
        self.element = element
        self.key = key
        self.value = value
        self.constraint = constraint
        self.traits = traits
        self.error = error
        hasXMLAttributes = members.contains { $0.traits.isXMLAttribute }
        requiredBits = members.reduce(0) { $0 | $1.requiredBit }
    }

    /// The member that is the whole body of the HTTP message.
    public var payload: Member? { traits.payload.flatMap { member(named: $0) } }

    public func member(named name: String) -> Member? { members.first { $0.name == name } }

    /// The member whose name these bytes are.
    public func member(nameBytes bytes: UnsafeBufferPointer<UInt8>) -> Member? {
        for member in members where member.isNamed(bytes) { return member }
        return nil
    }
}

/// How a shape differs on the wire from its name and kind.
public struct ShapeTraits: Sendable {
    /// Elements stand side by side without a wrapper (query and XML).
    public var isFlattened = false
    /// Name of the member that is the HTTP body.
    public var payload: String?
    public var isSensitive = false
    public var isUnion = false
    /// Free-form JSON.
    public var isDocument = false
    public var isStreaming = false
    public var isEventStream = false
    public var isEvent = false
    public var timestampFormat: TimestampFormat?
    public var locationName: String?
    public var xmlNamespace: XMLNamespace?
}

/// How an error is answered.
public struct ErrorTraits: Sendable {
    /// The code on the wire where it is not the shape's name; the query protocol's where a service was query once.
    public let code: String?
    public let status: Int?
    /// Whose fault: `Sender` or, for the service's own, `Receiver`.
    public let isSenderFault: Bool
    /// The model marks it as the service's fault, which answers 500 where no status is said.
    public let isServerFault: Bool
}

/// How a time is written where the protocol's own way does not apply.
public enum TimestampFormat: String, Sendable {
    /// `2015-01-25T08:00:00Z`
    case iso8601
    /// `1422172800`
    case unixTimestamp
    /// `Sun, 25 Jan 2015 08:00:00 GMT`
    case rfc822
}

public struct XMLNamespace: Sendable, Equatable {
    public let uri: String
    public let prefix: String?

    public init(uri: String, prefix: String?) {
        self.uri = uri
        self.prefix = prefix
    }
}
