import ServiceKit

/// S3's errors, in the words of its [error list](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
extension ServiceError {
    static func noSuchBucket(_ name: String) -> ServiceError {
        ServiceError("NoSuchBucket", "The specified bucket does not exist", status: 404) {
            $0.member("BucketName", name)
        }
    }
    static func noSuchKey(_ key: String) -> ServiceError {
        ServiceError("NoSuchKey", "The specified key does not exist.", status: 404) { $0.member("Key", key) }
    }
    static func noSuchVersion(_ key: String, _ version: String) -> ServiceError {
        ServiceError("NoSuchVersion", "The specified version does not exist.", status: 404) { json in
            json.member("Key", key)
            json.member("VersionId", version)
        }
    }
    static func noSuchUpload(_ id: String) -> ServiceError {
        ServiceError(
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
                + "completed.", status: 404
        ) { $0.member("UploadId", id) }
    }
    static func noSuchConfiguration(_ code: String, _ message: String, _ bucket: String) -> ServiceError {
        ServiceError(code, message, status: 404) { $0.member("BucketName", bucket) }
    }
    static let bucketAlreadyOwnedByYou = ServiceError(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.", status: 409)
    static let bucketAlreadyExists = ServiceError(
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
            + "Please select a different name and try again.", status: 409)
    static func bucketNotEmpty(_ name: String) -> ServiceError {
        ServiceError("BucketNotEmpty", "The bucket you tried to delete is not empty", status: 409) {
            $0.member("BucketName", name)
        }
    }
    static func invalidBucketName(_ name: String) -> ServiceError {
        ServiceError("InvalidBucketName", "The specified bucket is not valid.") { $0.member("BucketName", name) }
    }
    static func illegalLocation(_ region: String) -> ServiceError {
        ServiceError(
            "IllegalLocationConstraintException",
            "The \(region) location constraint is incompatible for the region specific endpoint this request was sent "
                + "to.")
    }
    static let accessDenied = ServiceError("AccessDenied", "Access Denied", status: 403)
    static func invalidLogTarget(_ message: String) -> ServiceError {
        ServiceError("InvalidTargetBucketForLogging", message)
    }
    static let crossLocationLogging = ServiceError(
        "CrossLocationLoggingProhibited", "Cross S3 location logging not allowed.", status: 403)
    static let publicPolicyBlocked = ServiceError(
        "AccessDenied",
        "User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the "
            + "BlockPublicPolicy setting in S3 Block Public Access.", status: 403)
    static let malformedPolicy = ServiceError(
        "MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
    static let accessControlListNotSupported = ServiceError(
        "AccessControlListNotSupported", "The bucket does not allow ACLs")
    static let missingSecurityHeader = ServiceError(
        "MissingSecurityHeader", "Your request is missing a required header")
    static let conflictingOperation = ServiceError(
        "OperationAborted",
        "A conflicting conditional operation is currently in progress against this resource. Please try again.",
        status: 409)
    static let malformedList = ServiceError(
        "MalformedACLError",
        "The XML you provided was not well-formed or did not validate against our published schema")
    static func unresolvableGrant(_ address: String) -> ServiceError {
        ServiceError(
            "UnresolvableGrantByEmailAddress", "The e-mail address you provided does not match any account on record."
        ) { $0.member("EmailAddress", address) }
    }
    static let publicListBlocked = ServiceError(
        "AccessDenied",
        "Access Denied because public access control lists (ACLs) are prevented by the BlockPublicAcls setting in S3 "
            + "Block Public Access.", status: 403)
    static let listsAreOff = ServiceError(
        "InvalidBucketAclWithObjectOwnership",
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
    static let publicListInNewBucket = ServiceError(
        "InvalidBucketAclWithBlockPublicAccessError",
        "Bucket cannot have public ACLs set with BlockPublicAccess enabled")
    static func invalidArgument(_ message: String, _ name: String, _ value: String) -> ServiceError {
        ServiceError("InvalidArgument", message) { json in
            json.member("ArgumentName", name)
            json.member("ArgumentValue", value)
        }
    }
    static func invalidRequest(_ message: String) -> ServiceError { ServiceError("InvalidRequest", message) }
    static func replicationNeedsVersions(_ bucket: String) -> ServiceError {
        ServiceError(
            "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration"
        ) { $0.member("BucketName", bucket) }
    }
    static func versionsNeededBy(_ configuration: String) -> ServiceError {
        ServiceError(
            "InvalidBucketState",
            "\(configuration) configuration is present on this bucket, so the versioning state cannot be changed.",
            status: 409)
    }
    static let malformedXML = ServiceError(
        "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
    /// Documents with words or numbers that the schema does not have, by the members that hold them.
    static let malformedBodies: [String: ServiceError] = {
        let documents = [
            "AbacStatus", "AccelerateConfiguration", "AnalyticsConfiguration", "CORSConfiguration", "Delete",
            "IntelligentTieringConfiguration", "InventoryConfiguration", "LegalHold", "LifecycleConfiguration",
            "MetadataConfiguration", "MetadataTableConfiguration", "InventoryTableConfiguration",
            "JournalTableConfiguration", "MetricsConfiguration", "ObjectEncryption", "ObjectLockConfiguration",
            "OwnershipControls",
            "PublicAccessBlockConfiguration", "ReplicationConfiguration", "RestoreRequest", "Retention",
            "ServerSideEncryptionConfiguration",
            "VersioningConfiguration", "WebsiteConfiguration",
        ]
        var errors = Dictionary(uniqueKeysWithValues: documents.map { ($0, malformedXML) })
        errors["AccessControlPolicy"] = malformedList
        errors["CreateBucketConfiguration"] = ServiceError(
            "InvalidLocationConstraint", "The specified location-constraint is not valid")
        return errors
    }()
    static let incompleteBody = ServiceError(
        "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header")
    static let invalidDigest = ServiceError("InvalidDigest", "The Content-MD5 you specified was invalid.")
    static let badDigest = ServiceError(
        "BadDigest", "The Content-MD5 you specified did not match what we received.")
    static func badChecksum(_ algorithm: String) -> ServiceError {
        ServiceError("BadDigest", "The \(algorithm) you specified did not match the calculated checksum.")
    }
    static func checksumMismatch(expected: ChecksumAlgorithm?, actual: ChecksumAlgorithm?) -> ServiceError {
        func name(_ algorithm: ChecksumAlgorithm?) -> String { algorithm?.rawValue.lowercased() ?? "null" }
        return .invalidRequest(
            "Checksum Type mismatch occurred, expected checksum Type: \(name(expected)), "
                + "actual checksum Type: \(name(actual))")
    }
    static func partChecksumMissing(_ algorithm: ChecksumAlgorithm, part: Int) -> ServiceError {
        .invalidRequest(
            "The upload was created using a \(algorithm.rawValue.lowercased()) checksum. The complete request must "
                + "include the checksum for each part. It was missing for part \(part) in the request.")
    }
    static func otherChecksumType(_ type: ChecksumType) -> ServiceError {
        ServiceError(
            "BadDigest",
            "The upload was created using the \(type.rawValue) checksum mode. The complete request must use the same "
                + "checksum mode.")
    }
    static func invalidChecksumHeader(_ header: String) -> ServiceError {
        .invalidRequest("Value for \(header) header is invalid.")
    }
    static func entityTooLarge(_ size: Int64, limit: Int64) -> ServiceError {
        ServiceError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size") { json in
            json.member("ProposedSize", size)
            json.member("MaxSizeAllowed", limit)
        }
    }
    static func entityTooSmall(_ part: Int, size: Int64) -> ServiceError {
        ServiceError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size") { json in
            json.member("ProposedSize", size)
            json.member("MinSizeAllowed", Limits.minimumPartSize)
            json.member("PartNumber", part)
        }
    }
    static let keyTooLong = ServiceError("KeyTooLongError", "Your key is too long")
    static let metadataTooLarge = ServiceError(
        "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
    static func preconditionFailed(_ condition: String) -> ServiceError {
        ServiceError(
            "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", status: 412
        ) { $0.member("Condition", condition) }
    }
    /// The gateway answers it without a body and with these headers.
    static func notModified(_ object: StoredObject) -> ServiceError {
        ServiceError("NotModified", "Not Modified", status: 304) { json in
            json.member("ETag", object.quotedETag)
            json.member("LastModified", object.modified.httpDate)
        }
    }
    static func invalidRange(_ range: String, size: Int64) -> ServiceError {
        ServiceError("InvalidRange", "The requested range is not satisfiable", status: 416) { json in
            json.member("RangeRequested", range)
            json.member("ActualObjectSize", size)
        }
    }
    static let invalidPartNumber = ServiceError(
        "InvalidPartNumber", "The requested partnumber is not satisfiable", status: 416)
    static let invalidPartOrder = ServiceError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.")
    static func invalidPart(_ upload: String, _ number: Int, _ etag: String) -> ServiceError {
        ServiceError(
            "InvalidPart",
            "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
                + "specified entity tag may not match the part's entity tag."
        ) { json in
            json.member("UploadId", upload)
            json.member("PartNumber", number)
            json.member("ETag", etag)
        }
    }
    /// The key's current version is a delete marker; the gateway sends the marker's headers with it.
    static func deleteMarker(_ object: StoredObject, named: Bool) -> ServiceError {
        let code = named ? "MethodNotAllowed" : "NoSuchKey"
        let message =
            named
            ? "The specified method is not allowed against this resource." : "The specified key does not exist."
        return ServiceError(code, message, status: named ? 405 : 404) { json in
            json.member("Key", object.key)
            json.member("DeleteMarker", true)
            json.member("VersionId", object.version)
        }
    }
    static func notImplemented(_ what: String) -> ServiceError {
        ServiceError(
            "NotImplemented", "A header or query you provided implies functionality that is not implemented: \(what)",
            status: 501)
    }
    static func invalidEncryptionAlgorithm(_ name: String) -> ServiceError {
        ServiceError(
            "InvalidEncryptionAlgorithmError",
            "The encryption request you specified is not valid. Supported value: AES256."
        ) { json in
            json.member("ArgumentName", "x-amz-server-side-encryption")
            json.member("ArgumentValue", name)
        }
    }
    static let managedKeysNeedSignatures = ServiceError.invalidArgument(
        "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.",
        "Authorization", "null")
    static let customerKeyRequired = ServiceError.invalidRequest(
        "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to "
            + "retrieve the object.")
    static let customerKeyNotApplicable = ServiceError.invalidRequest(
        "The encryption parameters are not applicable to this object.")
    static let wrongCustomerKey = ServiceError.invalidRequest(
        "The provided encryption parameters did not match the ones used originally.")
    static let protectedByObjectLock = ServiceError(
        "AccessDenied", "Access Denied because object protected by object lock.", status: 403)
    static let bucketWithoutObjectLock = ServiceError.invalidRequest("Bucket is missing Object Lock Configuration")
    static let noObjectLock = ServiceError(
        "NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration", status: 404)
    static let copyToItself = ServiceError.invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
            + "metadata, storage class, website redirect location or encryption attributes.")
    static let invalidTag = ServiceError("InvalidTag", "The tag provided was not a valid tag.")
    static let damagedObject = ServiceError(
        "InternalError", "We encountered an internal error. Please try again.", status: 500)
}
