import ServiceKit

extension ServiceError {
    // MARK: What is not there

    static func noSuchEntity(_ message: String) -> ServiceError { ServiceError("NoSuchEntity", message, status: 404) }

    static func notFound(_ kind: Identity.Kind, _ name: String) -> ServiceError {
        noSuchEntity("The \(kind.rawValue) with name \(name) cannot be found.")
    }
    static func inlinePolicyNotFound(_ kind: Identity.Kind, _ name: String) -> ServiceError {
        noSuchEntity("The \(kind.rawValue) policy with name \(name) cannot be found.")
    }
    static func policyNotFound(_ arn: String) -> ServiceError { noSuchEntity("Policy \(arn) was not found.") }
    static func policyNotAttachable(_ arn: String) -> ServiceError {
        noSuchEntity("Policy \(arn) does not exist or is not attachable.")
    }
    static func policyNotAttached(_ arn: String) -> ServiceError {
        noSuchEntity("Policy \(arn) was not found.")
    }
    static func versionNotFound(_ version: String, of arn: String) -> ServiceError {
        noSuchEntity("Policy \(arn) version \(version) does not exist or is not attachable.")
    }
    static func accessKeyNotFound(_ id: String) -> ServiceError {
        noSuchEntity("The Access Key with id \(id) cannot be found.")
    }
    static func mfaDeviceNotFound(_ serial: String) -> ServiceError {
        noSuchEntity("VirtualMFADevice with serial number \(serial) does not exist.")
    }
    static func instanceProfileNotFound(_ name: String) -> ServiceError {
        noSuchEntity("Instance Profile \(name) cannot be found.")
    }
    static func providerNotFound(_ arn: String) -> ServiceError {
        noSuchEntity("OpenIDConnect Provider not found for arn \(arn)")
    }

    // MARK: What is there already

    static func exists(_ message: String) -> ServiceError { ServiceError("EntityAlreadyExists", message, status: 409) }

    static func alreadyExists(_ kind: Identity.Kind, _ name: String) -> ServiceError {
        exists("\(kind.title) with name \(name) already exists.")
    }
    static func policyExists(_ name: String) -> ServiceError {
        exists("A policy called \(name) already exists. Duplicate names are not allowed.")
    }

    // MARK: What stands in the way

    static func deleteConflict(_ message: String) -> ServiceError {
        ServiceError("DeleteConflict", message, status: 409)
    }
    static let mustDeletePolicies = deleteConflict("Cannot delete entity, must delete policies first.")
    static let mustDetachPolicies = deleteConflict("Cannot delete entity, must detach all policies first.")
    static let mustDeleteKeys = deleteConflict("Cannot delete entity, must delete access keys first.")
    static let mustDeactivateDevices = deleteConflict("Cannot delete entity, must delete MFA device first.")
    static let mustRemoveUsers = deleteConflict("Cannot delete entity, must remove users from group first.")
    static let mustLeaveGroups = deleteConflict("Cannot delete entity, must remove users from group first.")
    static let mustLeaveProfiles = deleteConflict(
        "Cannot delete entity, must remove roles from instance profile first.")
    static let policyAttached = deleteConflict("Cannot delete a policy attached to entities.")
    static let policyHasVersions = deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            + "The default version is deleted with the policy.")
    static let defaultVersion = deleteConflict("Cannot delete the default version of a policy.")

    // MARK: Limits

    static func limitExceeded(_ message: String) -> ServiceError { ServiceError("LimitExceeded", message, status: 409) }
    static func quota(_ name: String, _ limit: Int) -> ServiceError {
        limitExceeded("Cannot exceed quota for \(name): \(limit)")
    }
    static let tooManyVersions = limitExceeded(
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing "
            + "version.")

    // MARK: What cannot be

    static func invalidInput(_ message: String) -> ServiceError { ServiceError("InvalidInput", message) }
    static let duplicateTags = invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    static func malformedPolicy(_ error: PolicyError) -> ServiceError {
        ServiceError("MalformedPolicyDocument", error.message)
    }
    static let invalidAuthenticationCode = ServiceError(
        "InvalidAuthenticationCode", "Authentication code for device is not valid.", status: 403)
    static let unknownMFADevice = ServiceError(
        "AccessDenied",
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid "
            + "and associated with this user.", status: 403)
    static let invalidMFACode = ServiceError(
        "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", status: 403)
    static func validation(_ message: String) -> ServiceError { ServiceError("ValidationError", message) }
    static func notAWSManaged(_ action: String, _ arn: String) -> ServiceError {
        ServiceError("AccessDenied", "Cannot \(action) AWS managed policy \(arn).", status: 403)
    }
}
