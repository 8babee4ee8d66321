/// Who makes a call: established by the gateway or by the service that calls, believed by the owner.
public struct Caller: Sendable, Hashable {
    public enum Kind: String, Sendable {
        /// The account itself; identity policies do not bind it.
        case root
        case user
        /// A session of a role; its policies are the role's.
        case assumedRole
        case federatedUser
        /// Another part of AWS, such as `lambda.amazonaws.com`, or of Apus, such as `gateway.apus`.
        case service
        case anonymous
    }

    public var kind: Kind
    /// Twelve digits; empty for services and anonymous callers.
    public var account: String
    /// `arn:aws:iam::…:user/ann`, `arn:aws:sts::…:assumed-role/Role/session`; a service's name; `*` for anonymous.
    public var arn: String
    /// `AIDA…`, `AROA…:session`, the account's number for root: what `aws:userid` says.
    public var userID: String
    public var accessKeyID: String?
    /// The identity whose policies apply, where it is not `arn`: the role of a session.
    public var policyARN: String?
    /// Policy documents that a session was limited to.
    public var sessionPolicies: [String]
    /// Condition keys the credentials carry: `aws:PrincipalTag/…`, `cognito-identity.amazonaws.com:sub`, …
    public var context: [String: [String]]

    public init(
        _ kind: Kind, account: String, arn: String, userID: String = "", accessKeyID: String? = nil,
        policyARN: String? = nil, sessionPolicies: [String] = [], context: [String: [String]] = [:]
    ) {
        self.kind = kind
        self.account = account
        self.arn = arn
        self.userID = userID
        self.accessKeyID = accessKeyID
        self.policyARN = policyARN
        self.sessionPolicies = sessionPolicies
        self.context = context
    }

    public static let anonymous = Caller(.anonymous, account: "", arn: "*")

    /// Another part of AWS or of Apus: `Caller.service("lambda.amazonaws.com")`.
    public static func service(_ principal: String, account: String = "") -> Caller {
        Caller(.service, account: account, arn: principal, userID: principal)
    }

    public static func root(of account: String, accessKeyID: String? = nil) -> Caller {
        Caller(.root, account: account, arn: "arn:aws:iam::\(account):root", userID: account, accessKeyID: accessKeyID)
    }
}

/// The form a caller has in the envelope of a bus request.
extension Caller: InputShape, OutputShape {
    public init(_ member: Members) throws {
        let kind: String = try member("kind")
        guard let kind = Kind(rawValue: kind) else { throw MemberError.invalid("unknown caller kind") }
        self.kind = kind
        account = try member("account") ?? ""
        arn = try member("arn")
        userID = try member("userID") ?? ""
        accessKeyID = try member("accessKeyID")
        policyARN = try member("policyARN")
        sessionPolicies = try member("sessionPolicies") ?? []
        context = try member("context") ?? [:]
    }

    public func write(to json: inout JSONWriter) {
        json.member("kind", kind.rawValue)
        json.member("account", account)
        json.member("arn", arn)
        json.member("userID", userID)
        json.member("accessKeyID", accessKeyID)
        json.member("policyARN", policyARN)
        if !sessionPolicies.isEmpty { json.member("sessionPolicies", sessionPolicies) }
        if !context.isEmpty { json.member("context", context) }
    }

    /// The caller as one JSON text.
    public var encoded: [UInt8] {
        var json = JSONWriter()
        json.value(self)
        return json.bytes
    }
}
