import AWSSignature
import ServiceKit

/// Tells the gateway whose an access key is, and the key derived from its secret: never the secret.
struct ResolveCredential: AWSOperation {
    private struct Holder {
        let secret: String
        let caller: Caller
        var expires: Timestamp?
    }

    /// Uses are noted at most this often: a write for each would cost more than it tells.
    private static let useInterval = Duration.seconds(60)

    let store: IAMStore
    let tokens: SessionTokens
    let root: RootCredentials
    /// The stack's own account, which the root credentials are of.
    let account: String

    func permissions(for input: CredentialQuery, in call: Call) -> [Permission] { [] }

    func perform(_ input: CredentialQuery, in call: Call) async throws -> ResolvedCredential {
        let holder = try await holder(of: input, in: call)
        if let text = input.versionTwoText {
            let signature = HMAC.sha1(key: Array(holder.secret.utf8), Array(text.utf8))
            return ResolvedCredential(signingKey: signature, caller: holder.caller, expires: holder.expires)
        }
        let key =
            input.isAsymmetric
            ? try SigningKey.deriveAsymmetric(secret: holder.secret, accessKeyID: input.accessKeyID)
            : SigningKey.derive(
                secret: holder.secret, date: input.date, region: input.region, service: input.service)
        return ResolvedCredential(signingKey: key.bytes, caller: holder.caller, expires: holder.expires)
    }

    private func holder(of query: CredentialQuery, in call: Call) async throws -> Holder {
        if let token = query.sessionToken { return try await session(token, of: query, at: call.now) }
        if query.accessKeyID == root.accessKeyID {
            return Holder(
                secret: root.secretAccessKey, caller: .root(of: account, accessKeyID: query.accessKeyID))
        }
        let (key, user) = try await store.read { snapshot in
            let key = try snapshot.accessKey(query.accessKeyID)
            return (
                key,
                try key.flatMap { key in try key.user.flatMap { try snapshot.identity(.user, $0, of: key.account) } }
            )
        }
        guard let key, key.status == .active, key.user == nil || user != nil else {
            throw CredentialRefusal.unknownKey
        }
        let secret = try store.masterKey.open(key.sealedSecret, for: AccessKey.context(key.id))
        try await noteUse(of: key, query, at: call.now)
        return Holder(
            secret: String(decoding: secret, as: UTF8.self),
            caller: user.map { Caller(user: $0, accessKeyID: key.id) } ?? .root(of: key.account, accessKeyID: key.id))
    }

    private func session(_ token: String, of query: CredentialQuery, at now: Timestamp) async throws -> Holder {
        guard let session = tokens.open(token), session.accessKeyID == query.accessKeyID else {
            throw CredentialRefusal.invalidToken
        }
        guard session.expires > now else { throw CredentialRefusal.expiredToken }
        guard try await isStillThere(session.caller) else { throw CredentialRefusal.invalidToken }
        return Holder(secret: session.secretAccessKey, caller: session.caller, expires: session.expires)
    }

    /// A role or user that was deleted, and perhaps made again under its name, is not the one the session is of.
    private func isStillThere(_ caller: Caller) async throws -> Bool {
        switch caller.kind {
        case .user, .assumedRole:
            let identity = try await store.read { try $0.identity(arn: caller.policyARN ?? caller.arn) }
            return identity.map { caller.userID.hasPrefix($0.uniqueID) } ?? false
        case .root, .federatedUser, .service, .anonymous: return true
        }
    }

    private func noteUse(of key: AccessKey, _ query: CredentialQuery, at now: Timestamp) async throws {
        if let last = key.lastUse, now - last.date < Self.useInterval { return }
        let use = AccessKey.LastUse(date: Timestamp(seconds: now.seconds), region: query.region, service: query.service)
        try await store.database.write { try $0.recordUse(of: key.id, use) }
    }
}

extension Caller {
    /// A user who signs with a key of their own.
    init(user: Identity, accessKeyID: String?) {
        self.init(
            .user, account: user.account, arn: user.arn, userID: user.uniqueID, accessKeyID: accessKeyID,
            context: TagContext.principal(user.tags))
    }
}
