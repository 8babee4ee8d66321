import ServiceKit

/// Why a resource could not be made, changed or deleted, in CloudFormation's words.
///
/// [Handler error codes](https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html)
struct HandlerError: Error {
    let message: String
    /// Whether the resource is somebody else's: nothing was made.
    let isAlreadyThere: Bool

    init(_ message: String, isAlreadyThere: Bool = false) {
        (self.message, self.isAlreadyThere) = (message, isAlreadyThere)
    }

    static func alreadyExists(_ id: String, _ type: String) -> HandlerError {
        HandlerError(
            "Resource of type '\(type)' with identifier '\(id)' already exists.", isAlreadyThere: true)
    }

    static func customName(_ name: String) -> HandlerError {
        HandlerError(
            """
            CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename \(name) and \
            update the stack again.
            """)
    }

    /// - Parameter token: of the attempt.
    init(_ error: ServiceError, of type: String, token: String) {
        let code = Self.code(error)
        let parts = type.split(separator: ":", omittingEmptySubsequences: true)
        let service = parts.count > 1 ? String(parts[1]) : type
        message = """
            Resource handler returned message: "\(error.message) (Service: \(service), Status Code: \(error.status))" \
            (RequestToken: \(token), HandlerErrorCode: \(code))
            """
        isAlreadyThere = code == "AlreadyExists"
    }

    private static func code(_ error: ServiceError) -> String {
        let code = error.code
        let isNamed = { (parts: [String]) in parts.contains { code.contains($0) } }
        return if isNamed(["AlreadyExist", "ResourceInUse", "AlreadyOwned", "Conflict", "EntityAlreadyExists"]) {
            "AlreadyExists"
        } else if isNamed(["NotFound", "NoSuch", "NonExistent"]) {
            "NotFound"
        } else if isNamed(["AccessDenied", "NotAuthorized", "Unauthorized", "AuthorizationError"]) {
            "AccessDenied"
        } else if isNamed(["Throttl", "TooManyRequests"]) {
            "Throttling"
        } else if isNamed(["LimitExceeded", "Quota"]) {
            "ServiceLimitExceeded"
        } else if error.status >= 500 {
            "ServiceInternalError"
        } else {
            "InvalidRequest"
        }
    }
}
