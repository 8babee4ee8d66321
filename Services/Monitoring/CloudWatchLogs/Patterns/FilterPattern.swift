import ServiceKit

/// A filter pattern: which messages are looked for.
///
/// Regular expressions between `%` are refused rather than taken for text.
/// [Reference](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html)
enum FilterPattern: Sendable {
    case everything
    case terms(TermPattern)
    /// `{ $.level = "ERROR" && $.code >= 500 }`
    case json(JSONCondition)
    /// `[ip, user, ..., status = 4*, size]`
    case fields(FieldPattern)

    /// - Throws: `InvalidParameterException`
    init(_ text: String) throws {
        var scanner = PatternScanner(text)
        scanner.skipSpace()
        switch scanner.peek {
        case nil: self = .everything
        case UInt8(ascii: "{"): self = .json(try JSONConditionParser.parse(&scanner))
        case UInt8(ascii: "["): self = .fields(try FieldPattern(&scanner))
        default: self = .terms(try TermPattern(&scanner))
        }
    }

    func matches(_ message: String) -> Bool {
        switch self {
        case .everything: true
        case .terms(let pattern): pattern.matches(message)
        case .json(let condition): JSONCondition.document(of: message).map { condition.holds(in: $0) } ?? false
        case .fields(let pattern): pattern.values(in: message) != nil
        }
    }

    /// The values a pattern names, of a message it matches.
    func extractedValues(of message: String) -> [String: String] {
        switch self {
        case .everything, .terms: [:]
        case .json(let condition): JSONCondition.document(of: message).map { condition.values(in: $0) } ?? [:]
        case .fields(let pattern):
            Dictionary(
                (pattern.values(in: message) ?? []).map { ("$\($0.name)", $0.value) }, uniquingKeysWith: { $1 })
        }
    }
}
