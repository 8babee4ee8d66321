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
    /// As operations tell it that AWS moved to a newer reader of values in 2026: those on single items, BatchGetItem and
    /// Query.
    ///
    /// [Captures](https://github.com/paritysuite/dynamodb-conformance/tree/main/tests/tier3/error-messages)
    let newerError: ServiceError

    init(_ kind: Kind, _ error: ServiceError, newer: ServiceError? = nil) {
        self.kind = kind
        serviceError = error
        newerError = newer ?? error
    }

    static func invalidParameter(_ kind: Kind, _ detail: String, newer: String? = nil) -> AttributeValueFault {
        AttributeValueFault(kind, .invalidParameter(detail), newer: newer.map { .invalidParameter($0) })
    }

    static func badNumber(_ error: ServiceError) -> AttributeValueFault {
        let isOfNothing = error.message == DynamoDBNumber.notNumeric
        return AttributeValueFault(.badNumber, error, newer: isOfNothing ? .validation("\(error.message): ") : nil)
    }

    static func unreadable(_ message: String) -> AttributeValueFault {
        AttributeValueFault(.unreadable, .serialization(message))
    }
}
