import ServiceKit

extension Bucket {
    /// Whether versions go, and versioning changes, only by a code of a device of root's.
    enum MFADelete: String, SQLValue {
        case enabled = "Enabled"
        case disabled = "Disabled"
    }

    /// - Throws: `AccessDenied` where a second factor has to be shown and was not.
    func requireSecondFactor(isShown: Bool) throws {
        guard isShown || mfaDelete != .enabled else { throw ServiceError.multiFactorRequired }
    }
}

extension ServiceError {
    static let multiFactorRequired = ServiceError(
        "AccessDenied", "Mfa Authentication must be used for this request", status: 403)
    static let bucketOwnerOnly = ServiceError(
        "AccessDenied", "This operation may only be performed by the bucket owner", status: 403)
    static let factorWithSession = ServiceError.invalidRequest(
        "DevPay and Mfa are mutually exclusive authorization methods.")
    static let wrongTokenCode = ServiceError(
        "TokenCodeInvalidError", "The serial number and/or token code you provided is not valid.")
    static func notDeviceOwner(_ claim: MFAClaim) -> ServiceError {
        ServiceError(
            "NotDeviceOwnerError",
            "The device with serial number \(claim.serial) that generated token \(claim.code) is not owned by the "
                + "authenticated user")
    }
    static let lifecycleBesideMFADelete = ServiceError(
        "InvalidBucketState",
        "Mfa Authentication is not supported on a bucket with lifecycle configuration. Delete lifecycle configuration "
            + "before enabling Mfa Authentication.", status: 409)
    static let mfaDeleteBesideLifecycle = ServiceError(
        "InvalidBucketState", "Lifecycle configuration is not supported on a bucket with Mfa Authentication.",
        status: 409)
}
