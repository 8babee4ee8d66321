import ServiceKit

/// Application Auto Scaling's errors.
extension ServiceError {
    static func validation(_ message: String) -> ServiceError { ServiceError("ValidationException", message) }

    private static func notFound(_ message: String) -> ServiceError { ServiceError("ObjectNotFoundException", message) }

    // MARK: What is scaled

    static let unsupportedCapacity = ServiceError.validation(
        "Unsupported service namespace, resource type or scalable dimension")

    static func otherNamespace(_ namespace: String) -> ServiceError {
        .validation(
            "\(unsupportedCapacity.message): only dynamodb is scaled here, and \(namespace) is not.")
    }

    static func noResource(_ capacity: ScalableCapacity) -> ServiceError {
        .validation("DynamoDB \(capacity.index == nil ? "table" : "index") does not exist: \(capacity.resourceID)")
    }

    static let bounds = ServiceError.validation("Maximum capacity cannot be less than minimum capacity")

    static let crossAccountRole = ServiceError("AccessDeniedException", "Cross-account pass role is not allowed.")

    // MARK: What is not there

    static func notRegistered(_ reference: CapacityReference) -> ServiceError {
        .notFound("No scalable target registered for \(reference.text)")
    }

    static func noTarget(_ reference: CapacityReference) -> ServiceError {
        .notFound("No scalable target found for \(reference.text)")
    }

    static func noPolicy(_ name: String, _ reference: CapacityReference) -> ServiceError {
        .notFound("No scaling policy found for \(reference.text), policy name: \(name)")
    }

    static func noAction(_ name: String, _ reference: CapacityReference) -> ServiceError {
        .notFound("No scheduled action found for \(reference.text), scheduled action name: \(name)")
    }

    static let invalidToken = ServiceError("InvalidNextTokenException", "The next token supplied was invalid.")

    // MARK: Policies

    static let secondPolicy = ServiceError.validation(
        "Only one TargetTrackingScaling policy for a given metric specification is allowed.")

    // MARK: Limits

    static func limit(_ what: String, _ limit: Int) -> ServiceError {
        ServiceError("LimitExceededException", "The limit of \(limit) \(what) is exceeded.")
    }

    // MARK: Tags

    static func noResource(_ arn: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", "The specified resource doesn't exist: \(arn)") {
            $0.member("ResourceName", arn)
        }
    }

    static func tooManyTags(_ arn: String) -> ServiceError {
        ServiceError("TooManyTagsException", "The number of tags exceeds the limit of \(ScalableTarget.tagLimit).") {
            $0.member("ResourceName", arn)
        }
    }
}
