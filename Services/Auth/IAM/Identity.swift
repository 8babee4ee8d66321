import ServiceKit

/// A user, a group or a role.
struct Identity: Sendable {
    enum Kind: String, Sendable, SQLValue {
        case user, group, role

        /// The prefix of unique identifiers.
        var prefix: String {
            switch self {
            case .user: "AIDA"
            case .group: "AGPA"
            case .role: "AROA"
            }
        }

        /// `User`, as in AWS's messages and members.
        var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
    }

    /// What only roles have.
    struct RoleDetails: Sendable {
        var trustPolicy: String
        var description: String?
        var maxSessionSeconds: Int
    }

    static let defaultSessionSeconds = 3600

    let kind: Kind
    let account: String
    var name: String
    var path: String
    let uniqueID: String
    let created: Timestamp
    /// The ARN of the managed policy that bounds it.
    var boundary: String?
    var tags: [Tag]
    var role: RoleDetails?

    var arn: String { "arn:aws:iam::\(account):\(kind.rawValue)\(path)\(name)" }

    init(
        _ kind: Kind, named name: String, path: String?, in call: Call, boundary: String? = nil, tags: [Tag] = [],
        role: RoleDetails? = nil
    ) {
        self.kind = kind
        account = call.account
        self.name = name
        self.path = path ?? "/"
        uniqueID = Identifier.unique(prefix: kind.prefix, length: 21)
        created = Timestamp(seconds: call.now.seconds)
        self.boundary = boundary
        self.tags = tags
        self.role = role
    }
}

/// How an identity appears in answers.
struct IdentityOutput: OutputShape {
    let identity: Identity
    /// Lists leave tags and boundaries out.
    var isDetailed = true

    func write(to json: inout JSONWriter) {
        json.member("Path", identity.path)
        json.member("\(identity.kind.title)Name", identity.name)
        json.member("\(identity.kind.title)Id", identity.uniqueID)
        json.member("Arn", identity.arn)
        json.member("CreateDate", identity.created)
        if let role = identity.role {
            json.member("AssumeRolePolicyDocument", PercentEncoding.string(role.trustPolicy))
            json.member("Description", role.description)
            json.member("MaxSessionDuration", role.maxSessionSeconds)
        }
        guard isDetailed else { return }
        if let boundary = identity.boundary {
            json.member("PermissionsBoundary") { json in
                json.object { json in
                    json.member("PermissionsBoundaryType", "Policy")
                    json.member("PermissionsBoundaryArn", boundary)
                }
            }
        }
        if !identity.tags.isEmpty { json.member("Tags", identity.tags) }
    }
}
