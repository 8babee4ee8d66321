import ServiceKit

extension ServiceError {
    static func userPoolNotFound(_ id: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", "User pool \(id) does not exist.")
    }
    static func clientNotFound(_ id: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", "User pool client \(id) does not exist.")
    }
    static let groupNotFound = ServiceError("ResourceNotFoundException", "Group not found.")
    static let groupExists = ServiceError("GroupExistsException", "A group with the name already exists.")
    static let userNotFound = ServiceError("UserNotFoundException", "User does not exist.")
    static let usernameExists = ServiceError("UsernameExistsException", "User already exists")
    static let emailExists = ServiceError(
        "UsernameExistsException", "An account with the given email already exists.")
    static let aliasExists = ServiceError(
        "AliasExistsException", "An account with the email already exists.")
    static let incorrectCredentials = ServiceError("NotAuthorizedException", "Incorrect username or password.")
    static let userDisabled = ServiceError("NotAuthorizedException", "User is disabled.")
    static let userNotConfirmed = ServiceError("UserNotConfirmedException", "User is not confirmed.")
    static let passwordResetRequired = ServiceError(
        "PasswordResetRequiredException", "Password reset required for the user")
    static let tooManyAttempts = ServiceError(
        "NotAuthorizedException", "Password attempts exceeded")
    static let signUpNotPermitted = ServiceError(
        "NotAuthorizedException", "SignUp is not permitted for this user pool")
    static let alreadyConfirmed = ServiceError(
        "NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED")
    static let alreadyConfirmedForCode = ServiceError("InvalidParameterException", "User is already confirmed.")
    static let codeMismatch = ServiceError(
        "CodeMismatchException", "Invalid verification code provided, please try again.")
    static let codeExpired = ServiceError(
        "ExpiredCodeException", "Invalid code provided, please request a code again.")
    static let tooManyFailedAttempts = ServiceError(
        "TooManyFailedAttemptsException", "The user has made too many failed attempts for a given action.")
    static let noDeliveryTarget = ServiceError(
        "InvalidParameterException",
        "Cannot reset password for the user as there is no registered/verified email or phone_number")
    static let invalidAccessToken = ServiceError("NotAuthorizedException", "Invalid Access Token")
    static let expiredAccessToken = ServiceError("NotAuthorizedException", "Access Token has expired")
    static let revokedAccessToken = ServiceError("NotAuthorizedException", "Access Token has been revoked")
    static let invalidRefreshToken = ServiceError("NotAuthorizedException", "Invalid Refresh Token")
    static let expiredRefreshToken = ServiceError("NotAuthorizedException", "Refresh Token has expired")
    static let revokedRefreshToken = ServiceError("NotAuthorizedException", "Refresh Token has been revoked")
    static let invalidSession = ServiceError("NotAuthorizedException", "Invalid session for the user.")
    static func flowNotEnabled(_ flow: String) -> ServiceError {
        ServiceError("InvalidParameterException", "\(flow) flow not enabled for this client")
    }
    static func missingParameter(_ name: String) -> ServiceError {
        ServiceError("InvalidParameterException", "Missing required parameter \(name)")
    }
    static func secretHashMissing(_ client: String) -> ServiceError {
        ServiceError(
            "NotAuthorizedException", "Client \(client) is configured with secret but SECRET_HASH was not received")
    }
    static func secretHashWrong(_ client: String) -> ServiceError {
        ServiceError("NotAuthorizedException", "SecretHash does not match for the client: \(client)")
    }
    static func secretHashUnexpected(_ client: String) -> ServiceError {
        ServiceError(
            "NotAuthorizedException", "Client \(client) is not configured for secret but secret hash was received")
    }
    static func invalidPassword(_ reason: String) -> ServiceError {
        ServiceError("InvalidPasswordException", "Password did not conform with policy: \(reason)")
    }
    static func invalidParameter(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterException", message)
    }
    static func unsupportedOperation(_ message: String) -> ServiceError {
        ServiceError("UnsupportedOperationException", message)
    }
}
