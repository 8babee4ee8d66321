import ServiceKit

/// DynamoDB's errors.
extension ServiceError {
    /// The request has the right shape and breaks a rule.
    static func validation(_ message: String) -> ServiceError { ServiceError(validationCode, message) }

    static let validationCode = "ValidationException"

    /// The wording most rules about single values begin with.
    static func invalidParameter(_ detail: String) -> ServiceError {
        .validation("One or more parameter values were invalid: \(detail)")
    }

    /// A fault of ours.
    static let internalServerError = ServiceError("InternalServerError", "Internal server error", status: 500)

    /// The JSON does not have the type the service model gives the member.
    static func serialization(_ message: String) -> ServiceError { ServiceError("SerializationException", message) }

    // MARK: Tables

    /// For data operations.
    static let resourceNotFound = ServiceError("ResourceNotFoundException", "Requested resource not found")

    /// For operations on tables.
    static func tableNotFound(_ name: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", "Requested resource not found: Table: \(name) not found")
    }

    static func tableExists(_ name: String) -> ServiceError {
        ServiceError("ResourceInUseException", "Table already exists: \(name)")
    }

    static func resourceInUse(_ message: String) -> ServiceError { ServiceError("ResourceInUseException", message) }

    static func indexNotFound(_ index: String) -> ServiceError {
        .validation("The table does not have the specified index: \(index)")
    }

    static let limitExceeded = ServiceError(
        "LimitExceededException",
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")

    // MARK: Items

    static let nestedTooDeeply = ServiceError.validation(
        "Nesting Levels have exceeded supported limits: "
            + "Attributes in the item have nested levels beyond supported limit")
    static let emptyAttributeName = ServiceError.validation(
        "One or more parameter values were invalid: Empty attribute name")
    static let duplicateKeys = ServiceError.validation("Provided list of item keys contains duplicates")
    static func emptyKey(_ value: AttributeValue, _ attribute: KeyAttribute) -> ServiceError {
        .validation(
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
                + "\(value.emptyName) value. Key: \(attribute.name)")
    }

    static func emptyIndexKey(_ value: AttributeValue, _ attribute: KeyAttribute, of index: String) -> ServiceError {
        .validation(
            "One or more parameter values are not valid. A value specified for a secondary index key is not supported. "
                + "The AttributeValue for a key attribute cannot contain an empty \(value.emptyName) value. "
                + "IndexName: \(index), IndexKey: \(attribute.name)")
    }

    static let keyMismatch = ServiceError.validation("The provided key element does not match the schema")
    static let itemTooLarge = ServiceError.validation("Item size has exceeded the maximum allowed size")
    static let updatedItemTooLarge = ServiceError.validation(
        "Item size to update has exceeded the maximum allowed size")

    static func conditionalCheckFailed(_ item: AttributeMap?) -> ServiceError {
        let message = "The conditional request failed"
        guard let item else { return ServiceError("ConditionalCheckFailedException", message) }
        return ServiceError("ConditionalCheckFailedException", message) { $0.member("Item", item) }
    }

    // MARK: Transactions

    static func transactionCanceled(_ reasons: [CancellationReason]) -> ServiceError {
        let codes = reasons.map(\.code).joined(separator: ", ")
        return ServiceError(
            "TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons [\(codes)]"
        ) { $0.member("CancellationReasons", reasons) }
    }

    static let idempotentParameterMismatch = ServiceError(
        "IdempotentParameterMismatchException",
        "Request has been made with the same client token but different parameters")

    // MARK: Streams

    static func streamNotFound(_ arn: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", "Requested resource not found: Stream: \(arn) not found")
    }

    static let expiredIterator = ServiceError("ExpiredIteratorException", "Iterator expired")
    static let trimmedData = ServiceError(
        "TrimmedDataAccessException", "The operation attempted to read past the oldest stream record in a shard.")
}
