import ServiceKit

/// A directory of users and the rules they sign up and in by.
struct UserPool: Sendable {
    let id: String
    let region: String
    let account: String
    var name: String
    var settings: StoredMembers
    let created: Timestamp
    var modified: Timestamp

    /// The members that CreateUserPool and UpdateUserPool share and DescribeUserPool gives back.
    static let settingNames = [
        "Policies", "DeletionProtection", "LambdaConfig", "AutoVerifiedAttributes", "AliasAttributes",
        "UsernameAttributes", "SmsVerificationMessage", "EmailVerificationMessage", "EmailVerificationSubject",
        "VerificationMessageTemplate", "SmsAuthenticationMessage", "MfaConfiguration", "UserAttributeUpdateSettings",
        "DeviceConfiguration", "EmailConfiguration", "SmsConfiguration", "UserPoolTags", "AdminCreateUserConfig",
        "UserPoolAddOns", "UsernameConfiguration", "AccountRecoverySetting", "UserPoolTier",
    ]

    static func makeID(in region: String) -> String { "\(region)_\(SecureRandom.string(9, of: .alphanumeric))" }

    static func arn(_ id: String, in call: Call) -> ARN {
        ARN("cognito-idp", region: call.region, account: call.account, "userpool/\(id)")
    }

    var arn: ARN { ARN("cognito-idp", region: region, account: account, "userpool/\(id)") }

    /// The part of the identifier that SRP mixes into passwords.
    var srpName: String { String(id.drop { $0 != "_" }.dropFirst()) }

    func passwordPolicy() throws -> PasswordPolicy {
        let policies: Policies? = try settings.read("Policies")
        return policies?.password ?? PasswordPolicy()
    }

    func autoVerifiedAttributes() throws -> [String] { try settings.read("AutoVerifiedAttributes") ?? [] }
    func usernameAttributes() throws -> [String] { try settings.read("UsernameAttributes") ?? [] }
    func aliasAttributes() throws -> [String] { try settings.read("AliasAttributes") ?? [] }

    func allowsSelfSignUp() throws -> Bool {
        let configuration: AdminCreateUserConfig? = try settings.read("AdminCreateUserConfig")
        return configuration?.allowAdminCreateUserOnly != true
    }

    func isProtected() throws -> Bool { try settings.read("DeletionProtection") == "ACTIVE" }

    /// Names are compared without case unless the pool says otherwise.
    func normalize(_ username: String) throws -> String {
        let configuration: UsernameConfiguration? = try settings.read("UsernameConfiguration")
        return configuration?.caseSensitive == true ? username : username.lowercased()
    }

    private struct Policies: InputShape {
        let password: PasswordPolicy?
        init(_ member: Members) throws { password = try member("PasswordPolicy") }
    }
    private struct AdminCreateUserConfig: InputShape {
        let allowAdminCreateUserOnly: Bool?
        init(_ member: Members) throws { allowAdminCreateUserOnly = try member("AllowAdminCreateUserOnly") }
    }
    private struct UsernameConfiguration: InputShape {
        let caseSensitive: Bool
        init(_ member: Members) throws { caseSensitive = try member("CaseSensitive") }
    }
}

extension UserPool: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("Id", id)
        json.member("Name", name)
        json.member("Arn", arn)
        json.member("CreationDate", created)
        json.member("LastModifiedDate", modified)
        settings.write(to: &json)
    }
}
