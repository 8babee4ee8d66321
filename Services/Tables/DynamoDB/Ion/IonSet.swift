import ServiceKit

/// The annotations by which lists of Ion are DynamoDB's sets.
enum IonSet: String {
    case strings = "$dynamodb_SS"
    case numbers = "$dynamodb_NS"
    case binaries = "$dynamodb_BS"

    private var element: AttributeValue.Kind {
        switch self {
        case .strings: .string
        case .numbers: .number
        case .binaries: .binary
        }
    }

    func set(of elements: [AttributeValue]) throws(MalformedSource) -> AttributeValue {
        guard elements.allSatisfy({ $0.kind == element }) else {
            throw MalformedSource(reason: "A list annotated \(rawValue) has elements of another type.")
        }
        do { return try AttributeValue.set(of: elements) } catch { throw MalformedSource(reason: error.message) }
    }
}
