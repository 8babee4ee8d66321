import Bus

/// Everything about one call but its input: who, where, when. An object, as every step is handed it.
public final class Call: Sendable {
    /// Where the call entered Apus, for condition keys and for addresses in replies.
    public struct Source: Sendable {
        /// The client's network address; empty for calls between services.
        public var address = ""
        /// `TLSv1.3`; empty where the client did not come over TLS.
        public var tlsVersion = ""
        public var userAgent = ""
        /// Scheme, host and port the client used: `http://localhost:4566`.
        public var endpoint = "http://localhost:4566"
        /// `nil` for services that keep no access logs.
        public var visit: Visit?
        /// The SDK's identifier of the call, the same in each of its attempts (`amz-sdk-invocation-id`): empty where the
        /// client gave none, and for services that do not ask.
        public var invocation = ""
        public init() {}

        public var isSecure: Bool { !tlsVersion.isEmpty }
    }

    /// What access logs and condition keys tell of the HTTP request behind a call.
    public struct Visit: Sendable, Equatable {
        /// `GET /bucket/key?versionId=1 HTTP/1.1`
        public var requestLine: String
        /// Empty where the client did not say.
        public var referer = ""
        /// `nil` without one that was verified.
        public var signature: RequestSignature?

        public init(requestLine: String) { self.requestLine = requestLine }
    }

    public let caller: Caller
    /// The model's name: `dynamodb`.
    public let service: String
    /// The AWS action: `GetItem`.
    public let operation: String
    public let region: String
    /// The account the call works in: the caller's, or the stack's where the caller has none.
    public let account: String
    public let now: Timestamp
    public let requestID: String
    public let trace: TraceID
    public let deadline: Timestamp
    public let source: Source
    /// The streaming member of the input, where the operation has one.
    public let body: ByteStream?
    /// Who decides what the caller may do besides what the operation declared; `nil` where nobody was asked at all.
    private let authority: CallAuthority?

    /// - Parameter authority: the dispatcher's.
    public init(
        caller: Caller, service: String, operation: String, region: String, account: String, now: Timestamp,
        requestID: String, trace: TraceID = .random(), deadline: Timestamp, source: Source = Source(),
        body: ByteStream? = nil, authority: CallAuthority? = nil
    ) {
        self.caller = caller
        self.service = service
        self.operation = operation
        self.region = region
        self.account = account
        self.now = now
        self.requestID = requestID
        self.trace = trace
        self.deadline = deadline
        self.source = source
        self.body = body
        self.authority = authority
    }

    /// The caller's ARN.
    public var principal: String { caller.arn }

    /// The same call on behalf of somebody else, whose permissions count from here on: for a service that acts in a
    /// role it was let into.
    public func acting(as caller: Caller) -> Call {
        Call(
            caller: caller, service: service, operation: operation, region: region, account: account, now: now,
            requestID: requestID, trace: trace, deadline: deadline, source: source, body: body, authority: authority)
    }

    /// Whether a policy of the caller's own has a condition on a key that begins so, in lower case: such keys may be
    /// costly to look up, and are worth it only then.
    public func identityAsks(about keyPrefix: String) async throws -> Bool {
        switch caller.kind {
        case .root, .service, .anonymous: return false
        case .user, .assumedRole, .federatedUser:
            return try await authority?.authorizer.identity(of: caller, asksAbout: keyPrefix) ?? false
        }
    }

    /// Whether the caller holds a permission besides those the operation declared: one of many targets, or one that
    /// decides how much an answer may tell.
    public func allows(_ permission: Permission) async throws -> Bool {
        guard let authority else { return false }
        do {
            try await authority.require(permission, in: self)
            return true
        } catch let error as ServiceError where error.status < 500 {
            return false
        }
    }
}

/// Who decides about the calls of one operation.
public final class CallAuthority: Sendable {
    let authorizer: any Authorizer
    private let service: AWSService
    private let operation: String

    init(_ authorizer: any Authorizer, of service: AWSService, operation: String) {
        self.authorizer = authorizer
        self.service = service
        self.operation = operation
    }

    /// - Throws: the service's access-denied error
    func require(_ permission: Permission, in call: Call) async throws {
        try await authorizer.requireAll(of: permission, of: service, operation: operation, in: call)
    }
}
