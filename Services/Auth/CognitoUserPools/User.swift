import ServiceKit

/// A member of a pool.
struct User: Sendable {
    struct Status: RawRepresentable, Sendable, Hashable {
        let rawValue: String
        static let unconfirmed = Status(rawValue: "UNCONFIRMED")
        static let confirmed = Status(rawValue: "CONFIRMED")
        static let resetRequired = Status(rawValue: "RESET_REQUIRED")
        static let forceChangePassword = Status(rawValue: "FORCE_CHANGE_PASSWORD")
    }

    let poolID: String
    let username: String
    let sub: String
    var status: Status
    var isEnabled = true
    var attributes: [UserAttribute]
    /// `nil` where no password was ever set.
    var password: SRPVerifier?
    let created: Timestamp
    var modified: Timestamp
    /// Tokens that began earlier are signed out.
    var tokensValidAfter = Timestamp(milliseconds: 0)

    subscript(attribute: String) -> String? {
        get { attributes.first { $0.name == attribute }?.value }
        set {
            attributes.removeAll { $0.name == attribute }
            if let newValue { attributes.append(UserAttribute(name: attribute, value: newValue)) }
        }
    }

    func isVerified(_ attribute: String) -> Bool { self["\(attribute)_verified"] == "true" }

    /// `sub` first, then the rest as they were given.
    var allAttributes: [UserAttribute] { [UserAttribute(name: "sub", value: sub)] + attributes }

    /// Writes the members that differ in name between the shapes of GetUser and UserType.
    func write(to json: inout JSONWriter, attributesName: String) {
        json.member("Username", username)
        json.member(attributesName, allAttributes)
        json.member("UserCreateDate", created)
        json.member("UserLastModifiedDate", modified)
        json.member("Enabled", isEnabled)
        json.member("UserStatus", status.rawValue)
    }
}

/// A name and a value: `email`, `custom:plan`.
struct UserAttribute: InputShape, OutputShape, Equatable {
    let name: String
    let value: String

    /// Attributes that clients may not set.
    static let readOnly: Set<String> = ["sub", "identities", "cognito:user_status"]
    private static let standard: Set<String> = [
        "address", "birthdate", "email", "email_verified", "family_name", "gender", "given_name", "locale",
        "middle_name", "name", "nickname", "phone_number", "phone_number_verified", "picture", "preferred_username",
        "profile", "updated_at", "website", "zoneinfo",
    ]

    init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    init(_ member: Members) throws {
        name = try member("Name")
        value = try member("Value") ?? ""
    }

    func write(to json: inout JSONWriter) {
        json.member("Name", name)
        json.member("Value", value)
    }

    /// - Throws: `InvalidParameterException` for names outside the schema and values of the wrong form.
    static func check(_ attributes: [UserAttribute], byAdministrator: Bool) throws {
        for attribute in attributes {
            let name = attribute.name
            guard standard.contains(name) || name.hasPrefix("custom:") || name.hasPrefix("dev:custom:") else {
                throw ServiceError.invalidParameter(
                    "1 validation error detected: Attribute \(name) is not defined in the schema.")
            }
            if !byAdministrator, name.hasSuffix("_verified") {
                throw ServiceError("NotAuthorizedException", "A client attempted to write unauthorized attribute")
            }
            if name == "email", !isEmailAddress(attribute.value) {
                throw ServiceError.invalidParameter("Invalid email address format.")
            }
            if name == "phone_number", !isPhoneNumber(attribute.value) {
                throw ServiceError.invalidParameter("Invalid phone number format.")
            }
        }
    }

    static func isEmailAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !parts[1].hasPrefix(".")
            && !parts[1].hasSuffix(".") && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    }

    private static func isPhoneNumber(_ text: String) -> Bool {
        text.hasPrefix("+") && (2...16).contains(text.utf8.count)
            && text.utf8.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

/// Where a code was sent, as it is shown: `a***@e***`.
struct CodeDeliveryDetails: OutputShape {
    let email: String

    func write(to json: inout JSONWriter) {
        let parts = email.split(separator: "@")
        json.member("Destination", parts.map { "\($0.prefix(1))***" }.joined(separator: "@"))
        json.member("DeliveryMedium", "EMAIL")
        json.member("AttributeName", "email")
    }
}
