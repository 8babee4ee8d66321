import Time

/// Who asks: what principals and condition keys are compared with.
public struct AccessPrincipal: Sendable {
    public enum Kind: Sendable {
        /// The account itself.
        case root
        case user
        case assumedRole
        case federatedUser
        /// Signed in by an identity provider and not yet holding credentials: `AssumeRoleWithWebIdentity`.
        case webIdentity
        /// A part of AWS, such as `lambda.amazonaws.com`.
        case service
        case anonymous
    }

    public var kind: Kind
    /// Twelve digits; empty for services and anonymous principals.
    public var account: String
    /// A user's or session's ARN, a service's name, a provider's ARN or name.
    public var arn: String
    /// The role of a session.
    public var roleARN: String?
    /// `aws:userid`.
    public var userID: String
    /// Condition keys that come with the credentials: `aws:PrincipalTag/team`.
    public var context: [String: [String]]

    public init(
        _ kind: Kind, account: String = "", arn: String, roleARN: String? = nil, userID: String = "",
        context: [String: [String]] = [:]
    ) {
        self.kind = kind
        self.account = account
        self.arn = arn
        self.roleARN = roleARN
        self.userID = userID
        self.context = context
    }
}

/// One question to policies: may this principal do this to that, here and now?
public struct AccessRequest: Sendable {
    public let principal: AccessPrincipal
    /// `s3:GetObject`
    public let action: String
    /// An ARN, or `*` where the action knows no resource.
    public let resource: String
    /// The account that owns the resource; `nil` for the principal's own.
    public var resourceAccount: String?
    public var now: Timestamp
    public var region = ""
    /// The client's address; empty where a service calls.
    public var sourceAddress = ""
    public var isSecure = false
    /// `TLSv1.3`; empty without TLS.
    public var tlsVersion = ""
    public var userAgent = ""
    /// The page that a browser says it comes from, where the service asks.
    public var referer = ""
    /// Of requests to S3.
    public var signature: RequestSignature?
    /// Condition keys of the service and the request: `s3:prefix`, `aws:RequestTag/…`, `aws:SourceArn`.
    public var context: [String: [String]]

    let actionBytes: [UInt8]
    let resourceBytes: [UInt8]

    public init(
        _ principal: AccessPrincipal, _ action: String, on resource: String, resourceAccount: String? = nil,
        at now: Timestamp, context: [String: [String]] = [:]
    ) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.resourceAccount = resourceAccount
        self.now = now
        self.context = context
        actionBytes = action.utf8.map(\.folded)
        resourceBytes = Array(resource.utf8)
    }

    var isCrossAccount: Bool {
        guard let resourceAccount, !resourceAccount.isEmpty else { return false }
        return resourceAccount != principal.account
    }

    /// The values of a condition key, named in lower case; `nil` where the request has none.
    ///
    /// [Global keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    func values(of key: String) -> [String]? {
        if let value = key.hasPrefix("s3:") ? s3Value(of: key.dropFirst(3)) : globalValue(of: key) { return [value] }
        return Self.value(of: key, in: context) ?? Self.value(of: key, in: principal.context)
    }

    private func globalValue(of key: String) -> String? {
        switch key {
        case "aws:currenttime": now.iso8601(milliseconds: false)
        case "aws:epochtime": String(now.seconds)
        case "aws:sourceip": nonEmpty(sourceAddress)
        case "aws:securetransport": isSecure ? "true" : "false"
        case "aws:useragent": nonEmpty(userAgent)
        case "aws:referer": nonEmpty(referer)
        case "aws:requestedregion": nonEmpty(region)
        case "aws:resourceaccount": nonEmpty(resourceAccount ?? principal.account)
        case "aws:userid": nonEmpty(principal.userID)
        case "aws:username": principal.kind == .user ? principal.arn.lastPathPart : nil
        case "aws:principalarn": principal.isIdentity ? principal.roleARN ?? principal.arn : nil
        case "aws:principalaccount": nonEmpty(principal.account)
        case "aws:principaltype": principal.typeName
        case "aws:principalisawsservice": principal.kind == .service ? "true" : "false"
        case "aws:principalservicename": principal.kind == .service ? principal.arn : nil
        case "aws:viaawsservice": servicesBetween == nil ? "false" : "true"
        case "aws:multifactorauthage": factorAge
        case "aws:calledviafirst": servicesBetween?.first
        case "aws:calledvialast": servicesBetween?.last
        default: nil
        }
    }

    /// What S3 knows of each request, whatever it asks for.
    ///
    /// [Keys of S3](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys)
    private func s3Value(of key: Substring) -> String? {
        switch key {
        case "resourceaccount": nonEmpty(resourceAccount ?? principal.account)
        case "tlsversion": nonEmpty(String(tlsVersion.drop { !$0.isNumber }))
        default: signature?.value(of: key, at: now)
        }
    }

    /// Whether the credentials were given for a code of a device, of those credentials that could be.
    public static let factorKey = "aws:MultiFactorAuthPresent"
    /// When that was, in seconds since 1970: what `aws:MultiFactorAuthAge` is reckoned from.
    public static let factorTimeKey = "apus:MultiFactorAuthTime"

    /// Seconds since the code.
    private var factorAge: String? {
        guard
            let time = (context[Self.factorTimeKey] ?? principal.context[Self.factorTimeKey])?.first.flatMap({
                Int64($0)
            })
        else { return nil }
        return String(max(0, now.seconds - time))
    }

    /// The services that call on the principal's behalf, one for another.
    private var servicesBetween: [String]? { Self.value(of: "aws:calledvia", in: principal.context) }

    private func nonEmpty(_ text: String) -> String? { text.isEmpty ? nil : text }

    private static func value(of key: String, in context: [String: [String]]) -> [String]? {
        guard !context.isEmpty else { return nil }
        // Keys are few and compared without case; a dictionary of lowered names would cost more to build than this.
        return context[key] ?? context.first { $0.key.utf8.elementsEqual(key.utf8) { $0.folded == $1 } }?.value
    }
}

extension AccessPrincipal {
    var isIdentity: Bool {
        switch kind {
        case .root, .user, .assumedRole, .federatedUser: true
        case .webIdentity, .service, .anonymous: false
        }
    }

    var typeName: String? {
        switch kind {
        case .root: "Account"
        case .user: "User"
        case .assumedRole: "AssumedRole"
        case .federatedUser: "FederatedUser"
        case .anonymous: "Anonymous"
        case .webIdentity, .service: nil
        }
    }
}

extension String {
    /// What stands behind the last slash.
    var lastPathPart: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
        return String(self[utf8.index(after: slash)...])
    }
}
