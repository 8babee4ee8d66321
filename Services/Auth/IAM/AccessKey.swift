import ServiceKit

/// A user's long-lived credential.
struct AccessKey: Sendable {
    enum Status: String, Sendable, SQLValue {
        case active = "Active"
        case inactive = "Inactive"
    }

    struct LastUse: Sendable {
        let date: Timestamp
        let region: String
        let service: String
    }

    static let limit = 2

    let id: String
    let account: String
    /// `nil` for the account's root.
    let user: String?
    /// Sealed under the master key.
    let sealedSecret: [UInt8]
    var status: Status
    let created: Timestamp
    var lastUse: LastUse?

    /// What the secret is bound to when it is sealed.
    static func context(_ id: String) -> String { "iam access key \(id)" }
}
