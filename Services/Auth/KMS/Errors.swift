import ServiceKit

/// What KMS answers when it refuses.
///
/// [Errors](https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html)
extension ServiceError {
    // MARK: What is not there

    static func notFound(_ message: String) -> ServiceError { ServiceError("NotFoundException", message) }
    static func keyNotFound(_ arn: String) -> ServiceError { notFound("Key '\(arn)' does not exist") }
    static func aliasNotFound(_ arn: String) -> ServiceError { notFound("Alias \(arn) is not found.") }
    static func invalidKeyID(_ text: String) -> ServiceError { notFound("Invalid keyId '\(text)'") }
    static func otherRegion(_ region: String) -> ServiceError { notFound("Invalid arn \(region)") }
    static func policyNotFound(_ name: String) -> ServiceError { notFound("No such policy exists: \(name)") }
    static func grantNotFound(_ id: String) -> ServiceError { notFound("Grant ID \(id) not found") }
    static func invalidARN(_ text: String) -> ServiceError {
        ServiceError("InvalidArnException", "Invalid arn \(text)")
    }

    // MARK: States

    static func disabled(_ arn: String) -> ServiceError { ServiceError("DisabledException", "\(arn) is disabled.") }
    static func invalidState(_ message: String) -> ServiceError { ServiceError("KMSInvalidStateException", message) }
    static func pendingDeletion(_ arn: String) -> ServiceError { invalidState("\(arn) is pending deletion.") }
    static func notPendingDeletion(_ arn: String) -> ServiceError { invalidState("\(arn) is not pending deletion.") }

    // MARK: Ciphertexts and signatures

    /// AWS says nothing more, lest it help whoever tries.
    static let invalidCiphertext = ServiceError("InvalidCiphertextException", "")
    static let unknownCiphertextKey = ServiceError(
        "AccessDeniedException",
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are "
            + "not allowed to access.")
    static let incorrectKey = ServiceError(
        "IncorrectKeyException",
        "The key ID in the request does not identify a CMK that can perform this operation.")
    static let invalidMAC = ServiceError("KMSInvalidMacException", "")
    static let invalidSignature = ServiceError("KMSInvalidSignatureException", "")
    static let dryRun = ServiceError(
        "DryRunOperationException", "The request would have succeeded, but the DryRun option is set.", status: 412)

    // MARK: What cannot be

    static func invalidKeyUsage(_ message: String) -> ServiceError { ServiceError("InvalidKeyUsageException", message) }
    static func unsupported(_ message: String) -> ServiceError {
        ServiceError("UnsupportedOperationException", message)
    }
    static func validation(_ message: String) -> ServiceError { ServiceError("ValidationException", message) }
    static func malformedPolicy(_ message: String) -> ServiceError {
        ServiceError("MalformedPolicyDocumentException", message)
    }
    static let lockedOut = malformedPolicy(
        "The new key policy will not allow you to update the key policy in the future.")
    static func aliasExists(_ arn: String) -> ServiceError {
        ServiceError("AlreadyExistsException", "An alias with the name \(arn) already exists")
    }
    static func invalidAlias(_ message: String) -> ServiceError { ServiceError("InvalidAliasNameException", message) }
    static func limitExceeded(_ message: String) -> ServiceError { ServiceError("LimitExceededException", message) }
    static func tags(_ message: String) -> ServiceError { ServiceError("TagException", message) }
    static let invalidMarker = ServiceError("InvalidMarkerException", "The marker is not valid.")
    static let invalidGrantToken = ServiceError("InvalidGrantTokenException", "The grant token is not valid.")
}
