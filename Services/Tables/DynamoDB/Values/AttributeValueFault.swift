import ServiceKit

/// What is wrong with a value in DynamoDB's JSON. Parameters differ in how they tell it.
struct AttributeValueFault: ServiceErrorConvertible {
    enum Kind: Sendable {
        /// JSON of another type than belongs there: a `SerializationException`.
        case unreadable
        /// Not exactly one of the types.
        case malformed
        /// Lists and maps in one another, too many.
        case tooDeep
        /// A null that is false, or an empty set of texts or of bytes.
        case forbidden
        /// An empty set of numbers, or a set that repeats an element.
        case badSet
        case badNumber
    }

    let kind: Kind
    let serviceError: ServiceError

    init(_ kind: Kind, _ error: ServiceError) {
        self.kind = kind
        serviceError = error
    }

    static func invalidParameter(_ kind: Kind, _ detail: String) -> AttributeValueFault {
        AttributeValueFault(kind, .invalidParameter(detail))
    }

    static func unreadable(_ message: String) -> AttributeValueFault {
        AttributeValueFault(.unreadable, .serialization(message))
    }
}
