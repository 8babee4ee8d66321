import ServiceKit

/// What a request may ask for and must not be ignored, because the answer would promise what is not kept.
enum RequestRefusals {
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
