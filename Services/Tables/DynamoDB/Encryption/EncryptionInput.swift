import ServiceKit

/// `SSESpecification`
struct EncryptionInput: InputShape {
    private let isEnabled: Bool?
    private let type: String?
    private let keyID: String?

    init(_ member: Members) throws {
        isEnabled = try member("Enabled")
        type = try member("SSEType")
        keyID = try member("KMSMasterKeyId")
    }

    /// What a request wants for a table.
    enum Choice: Sendable, Equatable {
        /// No key of the account's.
        case none
        /// The key DynamoDB has of its own in the account.
        case managed
        /// A key of the customer's: its identifier, an alias, or the ARN of either.
        case customer(String)
    }

    /// - Throws: for members that contradict one another.
    func choice() throws(ServiceError) -> Choice {
        guard type != "AES256" else { throw .invalidParameter("SSEType AES256 is not supported") }
        guard isEnabled == true else {
            guard type == nil, keyID == nil else {
                throw .invalidParameter("SSEType and KMSMasterKeyId can only be specified when SSE is enabled")
            }
            return .none
        }
        return Self.choice(of: keyID)
    }

    static func choice(of keyID: String?) -> Choice {
        guard let keyID, keyID != TableKeys.managedKeyID else { return .managed }
        return .customer(keyID)
    }
}
