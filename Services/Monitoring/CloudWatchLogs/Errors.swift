import ServiceKit

/// What CloudWatch Logs answers when it refuses.
extension ServiceError {
    static let logGroupExists = ServiceError(
        "ResourceAlreadyExistsException", "The specified log group already exists")
    static let logStreamExists = ServiceError(
        "ResourceAlreadyExistsException", "The specified log stream already exists")
    static let logGroupDoesNotExist = ServiceError(
        "ResourceNotFoundException", "The specified log group does not exist.")
    static let logStreamDoesNotExist = ServiceError(
        "ResourceNotFoundException", "The specified log stream does not exist.")
    static let resourceDoesNotExist = ServiceError(
        "ResourceNotFoundException", "The specified resource does not exist.")
    static let tooManyTags = ServiceError("TooManyTagsException", "A resource can have no more than 50 tags.")

    static func invalidParameter(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterException", message)
    }

    static let invalidNextToken = invalidParameter("The specified nextToken is invalid.")

    static func invalidFilterPattern(_ reason: String) -> ServiceError {
        .invalidParameter("Invalid filter pattern: \(reason)")
    }
}
