import ServiceKit

/// Who may have an identity, and which roles identities get.
struct IdentityPool: Sendable {
    let id: String
    let region: String
    let account: String
    var members: StoredMembers
    /// `Roles` and `RoleMappings` as SetIdentityPoolRoles gave them.
    var roles: StoredMembers

    static let memberNames = [
        "IdentityPoolName", "AllowUnauthenticatedIdentities", "AllowClassicFlow", "SupportedLoginProviders",
        "DeveloperProviderName", "OpenIdConnectProviderARNs", "CognitoIdentityProviders", "SamlProviderARNs",
        "IdentityPoolTags",
    ]

    static func arn(_ id: String, in call: Call) -> ARN {
        ARN("cognito-identity", region: call.region, account: call.account, "identitypool/\(id)")
    }

    /// A user pool whose tokens the pool accepts.
    struct Provider: InputShape {
        /// `cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI`
        let name: String
        let clientID: String

        init(_ member: Members) throws {
            name = try member("ProviderName")
            clientID = try member("ClientId")
        }
    }

    func providers() throws -> [Provider] { try members.read("CognitoIdentityProviders") ?? [] }

    func allowsGuests() throws -> Bool { try members.read("AllowUnauthenticatedIdentities") ?? false }

    /// The role of a guest, or of somebody who signed in: by mapping where there is one, else the pool's.
    func role(for login: VerifiedLogin?) throws -> String {
        let defaults: [String: String] = try roles.read("Roles") ?? [:]
        guard let login else {
            guard let role = defaults["unauthenticated"] else { throw ServiceError.roleNotSet }
            return role
        }
        let mappings: [String: RoleMapping] = try roles.read("RoleMappings") ?? [:]
        let mapping = mappings["\(login.provider):\(login.clientID)"] ?? mappings[login.provider]
        if let mapping, let role = try mapping.role(for: login.claims) { return role }
        guard let role = defaults["authenticated"] else { throw ServiceError.roleNotSet }
        return role
    }
}

extension IdentityPool: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("IdentityPoolId", id)
        members.write(to: &json)
    }
}

/// How a token chooses a role.
struct RoleMapping: InputShape {
    private struct Rule: InputShape {
        let claim: String
        let matchType: String
        let value: String
        let roleARN: String

        init(_ member: Members) throws {
            claim = try member("Claim")
            matchType = try member("MatchType")
            value = try member("Value")
            roleARN = try member("RoleARN")
        }

        func matches(_ claims: JSONValue) -> Bool {
            guard let claim = claims[claim] else { return false }
            let texts = claim.kind == .array ? claim.elements.compactMap(\.string) : [claim.string ?? ""]
            switch matchType {
            case "Equals": return texts.contains(value)
            case "NotEqual": return !texts.contains(value)
            case "StartsWith": return texts.contains { $0.hasPrefix(value) }
            case "Contains": return texts.contains { $0.contains(value) }
            default: return false
            }
        }
    }

    private struct Rules: InputShape {
        let rules: [Rule]
        init(_ member: Members) throws { rules = try member("Rules") }
    }

    private let type: String
    private let deniesAmbiguity: Bool
    private let rules: [Rule]

    init(_ member: Members) throws {
        type = try member("Type")
        deniesAmbiguity = try member("AmbiguousRoleResolution") == "Deny"
        let configuration: Rules? = try member("RulesConfiguration")
        rules = configuration?.rules ?? []
    }

    /// `nil` where the pool's own role is to be taken.
    ///
    /// - Throws: `NotAuthorizedException` where nothing fits and the mapping denies then.
    func role(for claims: JSONValue) throws -> String? {
        let role =
            type == "Token"
            ? claims["cognito:preferred_role"]?.string : rules.first { $0.matches(claims) }?.roleARN
        if role == nil, deniesAmbiguity { throw ServiceError.forbiddenIdentity }
        return role
    }
}
