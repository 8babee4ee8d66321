import ServiceKit

/// What SNS answers when it refuses, by the names of the model's error shapes.
extension ServiceError {
    static func invalidParameter(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterException", "Invalid parameter: \(message)")
    }

    /// A message attribute or a parameter whose value does not fit its type.
    static func invalidValue(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterValueException", message)
    }

    static func notFound(_ what: String) -> ServiceError {
        ServiceError("NotFoundException", "\(what) does not exist", status: 404)
    }

    static let topicDoesNotExist = notFound("Topic")
    static let subscriptionDoesNotExist = notFound("Subscription")
    static let resourceDoesNotExist = ServiceError(
        "ResourceNotFoundException", "Resource does not exist", status: 404)
    static let invalidToken = ServiceError("InvalidParameterException", "Invalid token")
    static let messageTooLong = invalidParameter("Message too long")
    static let tooManyTags = ServiceError(
        "TagLimitExceededException", "Could not complete request: tag quota of per resource exceeded")

    // MARK: Batches

    static let emptyBatch = ServiceError(
        "EmptyBatchRequestException", "The batch request doesn't contain any entries.")
    static let tooManyEntries = ServiceError(
        "TooManyEntriesInBatchRequestException", "The batch request contains more entries than permissible.")
    static let batchEntryIDsNotDistinct = ServiceError(
        "BatchEntryIdsNotDistinctException", "Two or more batch entries in the request have the same Id.")
    static let batchTooLong = ServiceError(
        "BatchRequestTooLongException", "The length of all the messages put together is more than the limit.")

    static func invalidBatchEntryID(_ id: String, because fault: String) -> ServiceError {
        ServiceError(
            "InvalidBatchEntryIdException", "The Id of a batch entry in the batch request \(fault): \(id)")
    }
}
