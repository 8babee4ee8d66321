import ServiceKit

/// An application that may sign users of a pool in.
struct UserPoolClient: Sendable {
    let id: String
    let poolID: String
    var name: String
    let secret: String?
    var settings: StoredMembers
    let created: Timestamp
    var modified: Timestamp

    static let settingNames = [
        "RefreshTokenValidity", "AccessTokenValidity", "IdTokenValidity", "TokenValidityUnits", "ReadAttributes",
        "WriteAttributes", "ExplicitAuthFlows", "SupportedIdentityProviders", "CallbackURLs", "LogoutURLs",
        "DefaultRedirectURI", "AllowedOAuthFlows", "AllowedOAuthScopes", "AllowedOAuthFlowsUserPoolClient",
        "AnalyticsConfiguration", "PreventUserExistenceErrors", "EnableTokenRevocation",
        "EnablePropagateAdditionalUserContextData", "AuthSessionValidity", "RefreshTokenRotation",
    ]

    static func makeID() -> String { Identifier.lowercase(26) }
    static func makeSecret() -> String { Identifier.lowercase(52) }

    enum TokenUse: String {
        case access = "AccessToken"
        case id = "IdToken"
        case refresh = "RefreshToken"
    }

    /// How long a token of this client is good for.
    func validity(of use: TokenUse) throws -> Duration {
        let units: [String: String] = try settings.read("TokenValidityUnits") ?? [:]
        let amount: Int? = try settings.read("\(use.rawValue)Validity")
        let fallback = use == .refresh ? 30 : 1
        let seconds: Int
        switch units[use.rawValue] ?? (use == .refresh ? "days" : "hours") {
        case "seconds": seconds = 1
        case "minutes": seconds = 60
        case "days": seconds = 86_400
        default: seconds = 3600
        }
        guard let amount, amount > 0 else { return .seconds(fallback * (use == .refresh ? 86_400 : 3600)) }
        return .seconds(amount * seconds)
    }

    /// Flows by their names of either generation: `ALLOW_USER_SRP_AUTH`, `USER_PASSWORD_AUTH`.
    func allows(_ flow: String) throws -> Bool {
        let flows: [String] = try settings.read("ExplicitAuthFlows") ?? []
        if flows.isEmpty { return ["USER_SRP_AUTH", "REFRESH_TOKEN_AUTH", "CUSTOM_AUTH"].contains(flow) }
        let older = flow == "ADMIN_USER_PASSWORD_AUTH" ? "ADMIN_NO_SRP_AUTH" : flow
        if flows.contains("ALLOW_\(flow)") || flows.contains(older) { return true }
        // Flow names of the first generation always include the two that need no setting.
        let isFirstGeneration = !flows.contains { $0.hasPrefix("ALLOW_") }
        return isFirstGeneration && ["USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"].contains(flow)
    }

    /// Whether an unknown user must look like a wrong password.
    func hidesUnknownUsers() throws -> Bool { try settings.read("PreventUserExistenceErrors") == "ENABLED" }

    /// - Throws: `NotAuthorizedException` unless the hash is `base64(HMAC-SHA256(secret, username + client id))`.
    func checkSecretHash(_ hash: String?, for username: String) throws {
        guard let secret else {
            if hash != nil { throw ServiceError.secretHashUnexpected(id) }
            return
        }
        guard let hash else { throw ServiceError.secretHashMissing(id) }
        let expected = Base64.string(HMAC.sha256(key: Array(secret.utf8), username + id))
        guard ConstantTime.equal(hash, expected) else { throw ServiceError.secretHashWrong(id) }
    }
}

extension UserPoolClient: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("UserPoolId", poolID)
        json.member("ClientName", name)
        json.member("ClientId", id)
        json.member("ClientSecret", secret)
        json.member("CreationDate", created)
        json.member("LastModifiedDate", modified)
        settings.write(to: &json)
    }
}
