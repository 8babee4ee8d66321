import ServiceKit

extension ServiceError {
    static func notVerified(_ identity: String, in region: String) -> ServiceError {
        ServiceError(
            "MessageRejected",
            "Email address is not verified. The following identities failed the check in region "
                + "\(region.uppercased()): \(identity)")
    }
    static let noRecipients = ServiceError("InvalidParameterValue", "Missing required header 'To'.")
    static let tooManyRecipients = ServiceError("InvalidParameterValue", "Recipient count exceeds 50.")
    static func invalidAddress(_ text: String) -> ServiceError {
        ServiceError("InvalidParameterValue", "Missing final '@domain' or illegal address: \(text.prefix(100))")
    }
    static let controlCharacters = ServiceError(
        "InvalidParameterValue", "Header values must not contain control characters.")
    static func duplicateHeader(_ name: String) -> ServiceError {
        ServiceError("InvalidParameterValue", "Duplicate header '\(name)'.")
    }
    static let tooLarge = ServiceError("InvalidParameterValue", "Message length exceeds 41943040 bytes.")
    static func missingSender() -> ServiceError {
        ServiceError("InvalidParameterValue", "Missing required header 'From'.")
    }
    static func templateMissing(_ name: String) -> ServiceError {
        ServiceError("TemplateDoesNotExist", "Template \(name) does not exist")
    }
    static func templateExists(_ name: String) -> ServiceError {
        ServiceError("AlreadyExists", "Template \(name) already exists for account id")
    }
    static func missingAttribute(_ name: String) -> ServiceError {
        ServiceError("MissingRenderingAttribute", "Attribute '\(name)' is not present in the rendering data.")
    }
    static func invalidRenderingData(_ reason: String) -> ServiceError {
        ServiceError("InvalidRenderingParameter", "There may be invalid JSON in template data: \(reason)")
    }

    /// The same refusal with the codes and statuses of the second API generation.
    var inVersionTwo: ServiceError {
        var error = self
        switch code {
        case "MessageRejected": break
        case "TemplateDoesNotExist":
            error.code = "NotFoundException"
            error.status = 404
        case "AlreadyExists": error.code = "AlreadyExistsException"
        default: error.code = "BadRequestException"
        }
        return error
    }
}
