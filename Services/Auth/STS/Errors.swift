import ServiceKit

extension ServiceError {
    static func validation(_ message: String) -> ServiceError { ServiceError("ValidationError", message) }

    static let durationExceedsRole = validation(
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    static let durationExceedsChain = validation(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")

    static func malformedPolicy(_ error: PolicyError) -> ServiceError {
        ServiceError("MalformedPolicyDocument", error.message)
    }
    static func unknownPolicy(_ arn: String) -> ServiceError {
        validation("The policy \(arn) does not exist or cannot be used as a session policy.")
    }
    static func packedPolicyTooLarge(_ percent: Int) -> ServiceError {
        ServiceError(
            "PackedPolicyTooLarge",
            "Packed policy consumes \(percent)% of allotted space, please use smaller policy.")
    }
    static func invalidTag(_ reason: String) -> ServiceError { validation(reason) }

    static func invalidIdentityToken(_ reason: String) -> ServiceError { ServiceError("InvalidIdentityToken", reason) }
    static let expiredIdentityToken = ServiceError("ExpiredTokenException", "The web identity token has expired.")
    static let notAuthorizedWithWebIdentity = ServiceError(
        "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", status: 403)
    static func sessionCredentials(_ action: String) -> ServiceError {
        ServiceError("AccessDenied", "Cannot call \(action) with session credentials", status: 403)
    }
    static let missingAuthentication = ServiceError(
        "MissingAuthenticationToken", "Request is missing Authentication Token", status: 403)
}
