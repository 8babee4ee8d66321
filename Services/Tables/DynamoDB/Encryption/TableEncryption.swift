import ServiceKit

/// The KMS key of a table that has one: who may not use the key may not use the table (decision 0076).
struct TableEncryption: Sendable, Hashable {
    let keyARN: String
    /// Otherwise it is DynamoDB's own in the account, which nobody can disable.
    let isCustomerManaged: Bool
    /// When the key was found not to be usable any more; `nil` while it is.
    var inaccessibleSince: Timestamp?
}

/// The form it has in the catalogue.
extension TableEncryption: InputShape, OutputShape {
    init(_ member: Members) throws {
        keyARN = try member("key")
        isCustomerManaged = try member("customer")
        inaccessibleSince = try member("inaccessibleSince")
    }

    func write(to json: inout JSONWriter) {
        json.member("key", keyARN)
        json.member("customer", isCustomerManaged)
        json.member("inaccessibleSince", inaccessibleSince)
    }
}

/// `SSEDescription`
struct EncryptionDescription: OutputShape {
    let encryption: TableEncryption

    init?(_ encryption: TableEncryption?) {
        guard let encryption else { return nil }
        self.encryption = encryption
    }

    func write(to json: inout JSONWriter) {
        json.member("Status", "ENABLED")
        json.member("SSEType", "KMS")
        json.member("KMSMasterKeyArn", encryption.keyARN)
        json.member("InaccessibleEncryptionDateTime", encryption.inaccessibleSince)
    }
}

extension TableDefinition {
    var isAccessible: Bool { encryption?.inaccessibleSince == nil }

    /// - Throws: `AccessDeniedException` while the table's key cannot be used.
    func requireKey() throws(ServiceError) {
        guard let encryption, encryption.inaccessibleSince != nil else { return }
        throw .keyInaccessible(encryption.keyARN)
    }
}

extension ServiceError {
    fileprivate static func keyInaccessible(_ arn: String) -> ServiceError {
        ServiceError("AccessDeniedException", "KMS key access denied error: the key \(arn) is not accessible.")
    }

    static func alreadyEncrypted(_ how: String) -> ServiceError {
        .invalidParameter("Table is already encrypted by \(how)")
    }

    static let keyOfEachReplica = ServiceError.invalidParameter("KMSMasterKeyId must be specified for each replica.")
}
