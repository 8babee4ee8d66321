import ServiceKit

/// What a request may ask for and must not be ignored, because the answer would promise what is not kept.
enum RequestRefusals {
    /// - Throws: `NotImplemented` for keys the customer provides, `AccessControlListNotSupported`, and the error of a
    ///   bucket without Object Lock.
    static func check(_ member: Members) throws {
        try checkCustomerKey(member)
        try checkAccessControl(member)
        if member.contains("ObjectLockMode") || member.contains("ObjectLockLegalHoldStatus")
            || member.contains("ObjectLockRetainUntilDate")
        {
            throw ServiceError.invalidRequest("Bucket is missing Object Lock Configuration")
        }
    }

    static func checkCustomerKey(_ member: Members) throws {
        if member.contains("SSECustomerAlgorithm") || member.contains("SSECustomerKey") {
            throw ServiceError.notImplemented("server-side encryption with customer-provided keys")
        }
    }

    /// Objects belong to the bucket's owner (`BucketOwnerEnforced`, the default since 2023); policies give access.
    static func checkAccessControl(_ member: Members) throws {
        let acl: String? = try member("ACL")
        guard acl == nil || acl == "private" || acl == "bucket-owner-full-control" else {
            throw ServiceError.accessControlListNotSupported
        }
        for grant in ["GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP"]
        where member.contains(grant) {
            throw ServiceError.accessControlListNotSupported
        }
    }
}
