/// The input of `ResolveCredential`, which the gateway calls on `apus.auth` for every credential it has not seen.
///
/// The answer is a `ResolvedCredential`, or a `ServiceError` of `CredentialRefusal`.
public struct CredentialQuery: InputShape, OutputShape {
    public var accessKeyID: String
    public var sessionToken: String?
    /// `YYYYMMDD`, and the region (empty for SigV4A) and service of the credential scope.
    public var date: String
    public var region: String
    public var service: String
    /// The key is wanted for SigV4A.
    public var isAsymmetric: Bool
    /// S3's Version 2 signs with the secret itself: wanted is the HMAC-SHA1 of this text, and the scope says nothing.
    public var versionTwoText: String?

    public init(accessKeyID: String, sessionToken: String?, versionTwoText: String) {
        self.init(
            accessKeyID: accessKeyID, sessionToken: sessionToken, date: "", region: "", service: "s3",
            isAsymmetric: false)
        self.versionTwoText = versionTwoText
    }

    public init(
        accessKeyID: String, sessionToken: String?, date: String, region: String, service: String, isAsymmetric: Bool
    ) {
        self.accessKeyID = accessKeyID
        self.sessionToken = sessionToken
        self.date = date
        self.region = region
        self.service = service
        self.isAsymmetric = isAsymmetric
    }

    public init(_ member: Members) throws {
        accessKeyID = try member("AccessKeyId")
        sessionToken = try member("SessionToken")
        date = try member("Date")
        region = try member("Region") ?? ""
        service = try member("Service")
        isAsymmetric = try member("IsAsymmetric") ?? false
        versionTwoText = try member("VersionTwoText")
    }

    public func write(to json: inout JSONWriter) {
        json.member("AccessKeyId", accessKeyID)
        json.member("SessionToken", sessionToken)
        json.member("Date", date)
        json.member("Region", region)
        json.member("Service", service)
        if isAsymmetric { json.member("IsAsymmetric", true) }
        json.member("VersionTwoText", versionTwoText)
    }
}

/// The output of `ResolveCredential`: who the credential's holder is, and the key derived for the scope asked for.
public struct ResolvedCredential: InputShape, OutputShape {
    /// `SigningKey.bytes`, or what `versionTwoText` asked for: derived from the secret, never the secret.
    public var signingKey: Blob
    public var caller: Caller
    /// When a session ends.
    public var expires: Timestamp?

    public init(signingKey: [UInt8], caller: Caller, expires: Timestamp?) {
        self.signingKey = Blob(signingKey)
        self.caller = caller
        self.expires = expires
    }

    public init(_ member: Members) throws {
        signingKey = try member("SigningKey")
        caller = try member("Caller")
        expires = try member("Expires")
    }

    public func write(to json: inout JSONWriter) {
        json.member("SigningKey", signingKey)
        json.member("Caller", caller)
        json.member("Expires", expires)
    }
}

/// Why `ResolveCredential` knows nobody.
public enum CredentialRefusal {
    public static let unknownKey = ServiceError("UnknownAccessKey", "The access key does not exist or is inactive.")
    public static let invalidToken = ServiceError("InvalidToken", "The session token is not the key's.")
    public static let expiredToken = ServiceError("ExpiredToken", "The session has ended.")

    /// The doorbell's topic when credentials or their holders change; the payload is the access key's id, or empty for
    /// all of them.
    public static let topic = "credentials"
}
