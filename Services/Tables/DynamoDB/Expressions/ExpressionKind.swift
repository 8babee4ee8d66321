import ServiceKit

/// The request parameters that hold an expression.
enum ExpressionKind: String, Sendable, Hashable {
    case condition = "ConditionExpression"
    case filter = "FilterExpression"
    case keyCondition = "KeyConditionExpression"
    case update = "UpdateExpression"
    case projection = "ProjectionExpression"

    /// `ValidationException` about this parameter.
    func fault(_ detail: String) -> ServiceError { .validation("Invalid \(rawValue): \(detail)") }

    func misusedFunction(_ function: String) -> ServiceError {
        fault("The function is not allowed to be used this way in an expression; function: \(function)")
    }
}

/// What DynamoDB allows in one expression.
///
/// [Limits](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#limits-expression-parameters)
enum ExpressionLimits {
    /// Bytes.
    static let size = 4096
    static let operators = 300
    /// Of IN, the tested one included.
    static let membershipOperands = 100
    /// Parentheses and calls inside one another: past the operators' limit without being redundant.
    static let depth = 400
    /// Of a placeholder, `#` or `:` included.
    static let placeholderSize = 255
    /// Bytes of all names or of all values that placeholders stand for.
    static let substitutionSize = 2 * 1024 * 1024
}
