import ServiceKit

extension ServiceError {
    static func identityPoolNotFound(_ id: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", "IdentityPool '\(id)' not found.")
    }
    static func identityNotFound(_ id: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", "Identity '\(id)' not found.")
    }
    static let guestsNotAllowed = ServiceError(
        "NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.")
    static let invalidLogin = ServiceError("NotAuthorizedException", "Invalid login token.")
    static let expiredLogin = ServiceError("NotAuthorizedException", "Invalid login token. Token expired")
    static let wrongIssuer = ServiceError(
        "NotAuthorizedException", "Invalid login token. Issuer doesn't match providerName")
    static let providerNotInPool = ServiceError(
        "NotAuthorizedException", "Token is not from a supported provider of this identity pool.")
    static let forbiddenIdentity = ServiceError(
        "NotAuthorizedException", "Access to Identity is forbidden.")
    static let roleNotSet = ServiceError(
        "InvalidIdentityPoolConfigurationException",
        "Invalid identity pool configuration. Check assigned IAM roles for this pool.")
    static let invalidToken = ServiceError("InvalidParameterException", "Invalid NextToken.")
}
