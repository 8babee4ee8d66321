import AWSSignature
import HTTPTypes
import ServiceKit
import Synchronization

/// Establishes who sent a request.
struct Authenticator: Sendable {
    private let client: ServiceClient
    private let cache = CredentialCache()
    private let strangers = Strangers()
    private let isOpen: Bool
    private let account: String

    init(host: ServiceHost, settings: GatewaySettings) {
        client = host.client
        isOpen = settings.isOpen
        account = settings.account
        host.listen(to: ["auth"], topics: [CredentialRefusal.topic]) { [cache] in
            cache.drop("")
        } ring: { [cache] event in
            cache.drop(String(decoding: event.payload, as: UTF8.self))
        }
    }

    /// - Parameters:
    ///   - body: the whole body where it was read, `nil` where it is a stream still to be held against its digest.
    ///   - allowsAnonymous: whether an unsigned request is somebody's too.
    /// - Throws: `SignatureError`; `ServiceError` where `auth` does not answer.
    func identity(
        of authentication: RequestAuthentication, _ head: RequestHead, body: [UInt8]?, service: ServiceNames,
        allowsAnonymous: Bool = true, now: Timestamp
    ) async throws -> Identity {
        if case .presignedByVersionTwo(let signature) = authentication {
            guard service.name == "s3" else { throw SignatureError.malformed(.algorithm("AWS")) }
            return try await identity(of: signature, in: .query, now: now)
        }
        guard case .signed(let signed) = authentication else {
            if case .other(let scheme) = authentication, scheme == "AWS" {
                throw SignatureError.malformed(.algorithm("AWS"))
            }
            guard allowsAnonymous || isOpen else { throw SignatureError.missingAuthentication }
            let caller = isOpen ? Caller.root(of: account) : .anonymous
            return Identity(caller: caller.encoded, region: nil)
        }
        if isOpen { return await believed(signed, now: now) }
        guard service.accept(signed.scope.service) else {
            throw SignatureError.wrongService(signed.scope.service, expected: service.name)
        }
        let entry = try await entry(for: signed, now: now)
        try signed.verify(head, body: body, key: entry.key, now: now)
        return Identity(
            caller: entry.caller, region: signed.scope.region, signed: signed, key: entry.key,
            signature: RequestSignature(signed))
    }

    /// Who signed the policy of a form; without one the form is anybody's.
    ///
    /// - Throws: `SignatureError`; `ServiceError` where `auth` does not answer.
    func identity(ofPolicy policy: String?, _ fields: [String: String], now: Timestamp) async throws -> Identity {
        let service = ServiceNames(name: "s3")
        guard let policy else {
            return try await identity(
                of: .anonymous, RequestHead(method: "POST", target: "/"), body: nil, service: service, now: now)
        }
        if let signature = VersionTwoSignature(ofPolicy: policy, fields) {
            return try await identity(of: signature, in: .post, now: now)
        }
        let signed = try SignedRequest.ofPolicy(fields)
        if isOpen { return await believed(signed, now: now) }
        guard service.accept(signed.scope.service) else {
            throw SignatureError.wrongService(signed.scope.service, expected: service.name)
        }
        let entry = try await entry(for: signed, now: now)
        try signed.verify(policy: policy, key: entry.key)
        return Identity(
            caller: entry.caller, region: signed.scope.region, signature: RequestSignature(signed))
    }

    /// The caller of a request on a plane, for those planes that take signatures.
    func caller(of exchange: Exchange, body: [UInt8], service: String) async throws -> Caller {
        let identity = try await identity(
            of: try RequestAuthentication.parse(exchange.head), exchange.head, body: body,
            service: ServiceNames(name: service), now: exchange.now)
        return try Caller(json: JSONDocument(identity.caller).root)
    }

    /// Only `auth` can make such a signature, so it is asked for every request.
    private func identity(
        of signature: VersionTwoSignature, in form: RequestSignature.Form, now: Timestamp
    ) async throws -> Identity {
        if isOpen {
            let caller = Caller.root(of: account, accessKeyID: signature.accessKeyID)
            return Identity(caller: caller.encoded, region: nil)
        }
        let resolved = try await resolve(
            CredentialQuery(
                accessKeyID: signature.accessKeyID, sessionToken: signature.sessionToken,
                versionTwoText: signature.text))
        try signature.verify(expected: resolved.signingKey.bytes, now: now)
        var caller = resolved.caller
        // S3 refuses it for objects under keys of KMS, also where the call's source is not looked at.
        caller.context["s3:signatureversion"] = ["AWS"]
        return Identity(
            caller: caller.encoded, region: nil, signature: RequestSignature(form, algorithm: "AWS"))
    }

    private func entry(for signed: SignedRequest, now: Timestamp) async throws -> CredentialCache.Entry {
        let key = CredentialCache.Key(
            accessKeyID: signed.accessKeyID, sessionToken: signed.sessionToken, scope: signed.scope)
        let (found, generation) = cache.find(key, now: now)
        if let found { return found }
        // Time first: a request of another day must not make `auth` derive a key.
        try signed.checkTime(now: now)
        let query = CredentialQuery(
            accessKeyID: signed.accessKeyID, sessionToken: signed.sessionToken, date: signed.scope.date,
            region: signed.scope.region, service: signed.scope.service, isAsymmetric: signed.algorithm == .ecdsa)
        return try cache.store(try await resolve(query), for: key, generation: generation, now: now)
    }

    private func resolve(_ query: CredentialQuery) async throws -> ResolvedCredential {
        var options = ServiceClient.Options()
        options.timeout = .seconds(5)
        options.isIdempotent = true
        do {
            let reply = try await client.call("apus.auth", "ResolveCredential", options: options) {
                query.write(to: &$0)
            }
            return try ResolvedCredential(json: reply.output)
        } catch let error as ServiceError {
            throw Authenticator.refusal(error, of: query.accessKeyID)
        }
    }

    private static func refusal(_ error: ServiceError, of accessKeyID: String) -> any Error {
        switch error.code {
        case CredentialRefusal.unknownKey.code: SignatureError.unknownAccessKey(accessKeyID)
        case CredentialRefusal.invalidToken.code: SignatureError.invalidToken
        case CredentialRefusal.expiredToken.code: SignatureError.expiredToken
        default: error
        }
    }

    // MARK: Open mode

    /// A credential `auth` knows acts as its holder, any other as root; no signature is verified.
    private func believed(_ signed: SignedRequest, now: Timestamp) async -> Identity {
        if !strangers.contains(signed.accessKeyID, now: now) {
            if let entry = try? await entry(for: signed, now: now) {
                return Identity(caller: entry.caller, region: signed.scope.region)
            }
            strangers.insert(signed.accessKeyID, now: now)
        }
        let isAccount = signed.accessKeyID.utf8.count == 12 && Int(signed.accessKeyID) != nil
        let caller = Caller.root(of: isAccount ? signed.accessKeyID : account, accessKeyID: signed.accessKeyID)
        return Identity(caller: caller.encoded, region: signed.scope.region)
    }
}

/// Access keys that `auth` was asked about in vain, for a few seconds.
private final class Strangers: Sendable {
    private let seen = Mutex<[String: Timestamp]>([:])
    private static let life = Duration.seconds(5)

    func contains(_ accessKeyID: String, now: Timestamp) -> Bool {
        seen.withLock { seen in seen[accessKeyID].map { $0 > now } ?? false }
    }

    func insert(_ accessKeyID: String, now: Timestamp) {
        seen.withLock { seen in
            if seen.count > 1000 { seen.removeAll() }
            seen[accessKeyID] = now + Strangers.life
        }
    }
}

/// The names a signature may give a service.
struct ServiceNames: Sendable {
    let name: String

    func accept(_ signed: String) -> Bool {
        // Object Lambda, Express and Outposts clients sign S3's operations under names of their own.
        signed == name || (name == "s3" && signed.hasPrefix("s3"))
    }
}
