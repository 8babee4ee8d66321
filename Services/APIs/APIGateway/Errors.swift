import ServiceKit

extension ServiceError {
    static func invalidAPI(_ id: String) -> ServiceError {
        ServiceError("NotFoundException", "Invalid API identifier specified \(id)", status: 404)
    }
    static let invalidResource = ServiceError(
        "NotFoundException", "Invalid Resource identifier specified", status: 404)
    static let invalidMethod = ServiceError("NotFoundException", "Invalid Method identifier specified", status: 404)
    static let noIntegration = ServiceError("NotFoundException", "No integration defined for method", status: 404)
    static let invalidAuthorizer = ServiceError(
        "NotFoundException", "Invalid Authorizer identifier specified", status: 404)
    static let invalidDeployment = ServiceError(
        "NotFoundException", "Invalid Deployment identifier specified", status: 404)
    static let invalidStage = ServiceError("NotFoundException", "Invalid stage identifier specified", status: 404)
    static let stageExists = ServiceError("ConflictException", "Stage already exists", status: 409)
    static let activeDeployment = ServiceError(
        "BadRequestException", "Active stages pointing to this deployment must be moved or deleted")
    static let methodExists = ServiceError("ConflictException", "Method already exists for this resource", status: 409)
    static let noMethods = ServiceError("BadRequestException", "The REST API doesn't contain any methods")
    static let rootCannotBeDeleted = ServiceError("BadRequestException", "Root resource cannot be deleted")
    static func resourceExists(_ part: String) -> ServiceError {
        ServiceError(
            "ConflictException", "Another resource with the same parent already has this name: \(part)", status: 409)
    }
    static func variableSibling(_ part: String) -> ServiceError {
        ServiceError(
            "BadRequestException",
            "A sibling (\(part)) of this resource already has a variable path part -- only one is allowed")
    }
    static let invalidKey = ServiceError("NotFoundException", "Invalid API Key identifier specified", status: 404)
    static let keyExists = ServiceError("ConflictException", "API Key already exists", status: 409)
    static let invalidPlan = ServiceError("NotFoundException", "Invalid Usage Plan ID specified", status: 404)
    static func planStageNotFound(_ stage: String) -> ServiceError {
        ServiceError("NotFoundException", "API Stage not found: \(stage)", status: 404)
    }
    static func planInUse(_ id: String) -> ServiceError {
        ServiceError(
            "BadRequestException",
            "Cannot delete Usage Plan \(id) because there are API Stages associated with it. "
                + "Please remove all API Stages from the Usage Plan and try again.")
    }
    static func keyInPlan(_ key: String, _ plan: String) -> ServiceError {
        ServiceError(
            "ConflictException", "API Key \(key) is already subscribed to Usage Plan \(plan)", status: 409)
    }
    static func badRequest(_ message: String) -> ServiceError { ServiceError("BadRequestException", message) }
}
