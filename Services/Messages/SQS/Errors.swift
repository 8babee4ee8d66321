import ServiceKit

/// What SQS answers when it refuses, with the codes of its JSON protocol.
extension ServiceError {
    static let queueDoesNotExist = ServiceError("QueueDoesNotExist", "The specified queue does not exist.")

    static let queueDeletedRecently = ServiceError(
        "QueueDeletedRecently",
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.")

    static func queueNameExists(differingIn attribute: String) -> ServiceError {
        ServiceError(
            "QueueNameExists",
            "A queue already exists with the same name and a different value for attribute \(attribute)")
    }

    static func purgeQueueInProgress(_ name: String) -> ServiceError {
        ServiceError(
            "PurgeQueueInProgress", "Only one PurgeQueue operation on \(name) is allowed every 60 seconds.",
            status: 403)
    }

    static func invalidAddress(_ url: String) -> ServiceError {
        ServiceError("InvalidAddress", "The address \(url) is not valid for this endpoint.")
    }

    // MARK: Parameters and attributes

    static func missingParameter(_ name: String) -> ServiceError {
        ServiceError("MissingParameter", "The request must contain the parameter \(name).")
    }

    static func invalidParameter(_ message: String) -> ServiceError { ServiceError("InvalidParameterValue", message) }

    static func invalidParameter(_ name: String, _ value: some Any, because reason: String) -> ServiceError {
        .invalidParameter("Value \(value) for parameter \(name) is invalid. Reason: \(reason)")
    }

    static func unknownAttribute(_ name: String) -> ServiceError {
        ServiceError("InvalidAttributeName", "Unknown Attribute \(name).")
    }

    static func fifoOnlyAttribute(_ name: String) -> ServiceError {
        ServiceError("InvalidAttributeName", "You can specify the \(name) only when FifoQueue is set to true.")
    }

    static func invalidAttribute(_ name: String, because reason: String? = nil) -> ServiceError {
        let suffix = reason.map { " Reason: \($0)" } ?? ""
        return ServiceError("InvalidAttributeValue", "Invalid value for the parameter \(name).\(suffix)")
    }

    static func overLimit(actions count: Int) -> ServiceError {
        ServiceError("OverLimit", "\(count) Actions were found, maximum allowed is 7.", status: 403)
    }

    // MARK: Messages

    static let invalidMessageContents = ServiceError(
        "InvalidMessageContents",
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD"
            + " | #x10000 to #x10FFFF")

    static func messageTooLong(limit: Int) -> ServiceError {
        .invalidParameter("One or more parameters are invalid. Reason: Message must be shorter than \(limit) bytes.")
    }

    static let deduplicationRequired = ServiceError.invalidParameter(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")

    static func receiptHandleIsInvalid(_ handle: String) -> ServiceError {
        ServiceError(
            "ReceiptHandleIsInvalid", "The input receipt handle \"\(handle)\" is not a valid receipt handle.",
            status: 404)
    }

    static func receiptHandleExpired(_ handle: String) -> ServiceError {
        .invalidParameter("ReceiptHandle", handle, because: "The receipt handle has expired.")
    }

    static func messageUnavailable(_ handle: String) -> ServiceError {
        .invalidParameter(
            "ReceiptHandle", handle,
            because: "Message does not exist or is not available for visibility timeout change.")
    }

    static let messageNotInflight = ServiceError(
        "MessageNotInflight", "The specified message isn't in flight.")

    // MARK: Batches

    static func emptyBatch(of entryType: String) -> ServiceError {
        ServiceError("EmptyBatchRequest", "There should be at least one \(entryType) in the request.")
    }

    static func tooManyEntries(_ count: Int) -> ServiceError {
        ServiceError(
            "TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10. You have sent \(count).")
    }

    static let invalidBatchEntryID = ServiceError(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
            + "It can be at most 80 letters long.")

    static func batchEntryIDsNotDistinct(_ id: String) -> ServiceError {
        ServiceError("BatchEntryIdsNotDistinct", "Id \(id) repeated.")
    }

    static func batchTooLong(_ bytes: Int) -> ServiceError {
        ServiceError(
            "BatchRequestTooLong",
            "Batch requests cannot be longer than \(MessageDraft.sizeLimit) bytes. You have sent \(bytes) bytes.")
    }

    // MARK: Message move tasks

    static func noResource(in parameter: String) -> ServiceError {
        ServiceError(
            "ResourceNotFoundException",
            "The resource that you specified for the \(parameter) parameter doesn't exist.", status: 404)
    }

    static let taskDoesNotExist = ServiceError("ResourceNotFoundException", "Task does not exist.", status: 404)
}
