import ServiceKit

/// The flows by which a user proves who they are.
struct SignIn: Sendable {
    let store: UserPoolStore
    let tokens: TokenIssuer
    let sessions: AuthSessions

    /// What InitiateAuth and RespondToAuthChallenge answer: the next challenge, or the tokens.
    enum Outcome: OutputShape {
        case challenge(name: String, session: String?, parameters: [String: String])
        case signedIn(AuthenticationResult)

        func write(to json: inout JSONWriter) {
            switch self {
            case .challenge(let name, let session, let parameters):
                json.member("ChallengeName", name)
                json.member("Session", session)
                json.member("ChallengeParameters", parameters)
            case .signedIn(let result):
                json.member("ChallengeParameters", [String: String]())
                json.member("AuthenticationResult", result)
            }
        }
    }

    /// The client that signs somebody in, the pool it belongs to, and what it sent.
    struct Attempt: Sendable {
        let client: UserPoolClient
        let pool: UserPool
        let parameters: [String: String]

        func parameter(_ name: String) throws -> String {
            guard let value = parameters[name] else { throw ServiceError.missingParameter(name) }
            return value
        }
    }

    func begin(_ flow: String, _ attempt: Attempt, in call: Call) async throws -> Outcome {
        let flow = SignIn.currentName(of: flow)
        guard try attempt.client.allows(flow) else { throw ServiceError.flowNotEnabled(flow) }
        switch flow {
        case "USER_SRP_AUTH": return try await beginSRP(attempt, in: call)
        case "USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH": return try await password(attempt, in: call)
        case "REFRESH_TOKEN_AUTH": return try await refresh(attempt, in: call)
        default: throw ServiceError.unsupportedOperation("The flow \(flow) is not implemented by Apus.")
        }
    }

    func answer(_ challenge: String, session: String?, _ attempt: Attempt, in call: Call) async throws -> Outcome {
        switch challenge {
        case "PASSWORD_VERIFIER": return try await verifyPassword(attempt, in: call)
        case "NEW_PASSWORD_REQUIRED": return try await newPassword(attempt, session: session, in: call)
        default: throw ServiceError.unsupportedOperation("The challenge \(challenge) is not implemented by Apus.")
        }
    }

    private static func currentName(of flow: String) -> String {
        switch flow {
        case "REFRESH_TOKEN": "REFRESH_TOKEN_AUTH"
        case "ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH"
        default: flow
        }
    }

    // MARK: Password

    private func password(_ attempt: Attempt, in call: Call) async throws -> Outcome {
        let name = try attempt.parameter("USERNAME")
        let password = try attempt.parameter("PASSWORD")
        try attempt.client.checkSecretHash(attempt.parameters["SECRET_HASH"], for: name)
        let user = try await findUser(name, attempt, in: call)
        let matches = user.password?.matches(password, username: user.username, poolName: attempt.pool.srpName)
        guard matches == true else { throw try await failure(of: user, in: call) }
        return try await proceed(user, attempt, in: call)
    }

    // MARK: Secure remote password

    private func beginSRP(_ attempt: Attempt, in call: Call) async throws -> Outcome {
        let name = try attempt.parameter("USERNAME")
        let clientHex = try attempt.parameter("SRP_A")
        try attempt.client.checkSecretHash(attempt.parameters["SECRET_HASH"], for: name)
        guard clientHex.utf8.count <= 1024, let clientNumber = BigNumber(hex: clientHex),
            !(clientNumber % SRP.prime).isZero
        else { throw ServiceError.invalidParameter("Invalid SRP_A value.") }
        let user = try await findUser(name, attempt, in: call)
        guard let verifier = user.password else { throw ServiceError.incorrectCredentials }
        let (secret, publicNumber) = SRP.challenge(for: verifier)
        var state = AuthSessions.State(
            "PASSWORD_VERIFIER", poolID: attempt.pool.id, clientID: attempt.client.id, username: user.username,
            expires: call.now + AuthSessions.validity)
        state.serverSecret = secret.hex
        state.serverNumber = publicNumber.hex
        state.clientNumber = clientNumber.hex
        return .challenge(
            name: "PASSWORD_VERIFIER", session: nil,
            parameters: [
                "SALT": verifier.salt, "SRP_B": publicNumber.hex, "SECRET_BLOCK": try sessions.seal(state),
                "USERNAME": user.username, "USER_ID_FOR_SRP": user.username,
            ])
    }

    private func verifyPassword(_ attempt: Attempt, in call: Call) async throws -> Outcome {
        let block = try attempt.parameter("PASSWORD_CLAIM_SECRET_BLOCK")
        let claim = try attempt.parameter("PASSWORD_CLAIM_SIGNATURE")
        let timestamp = try attempt.parameter("TIMESTAMP")
        let name = try attempt.parameter("USERNAME")
        try attempt.client.checkSecretHash(attempt.parameters["SECRET_HASH"], for: name)
        let state = try sessions.open(block, challenge: "PASSWORD_VERIFIER", client: attempt.client, at: call.now)
        let user = try await findUser(state.username, attempt, in: call)
        guard let verifier = user.password,
            let secret = state.serverSecret.flatMap({ BigNumber(hex: $0) }),
            let serverNumber = state.serverNumber.flatMap({ BigNumber(hex: $0) }),
            let clientNumber = state.clientNumber.flatMap({ BigNumber(hex: $0) }),
            let key = SRP.sessionKey(
                verifier: verifier, secret: secret, publicNumber: serverNumber, clientNumber: clientNumber),
            let blockBytes = Base64.decode(Array(block.utf8)), let signature = Base64.decode(Array(claim.utf8))
        else { throw ServiceError.incorrectCredentials }
        let expected = SRP.signature(
            key: key, poolName: attempt.pool.srpName, username: user.username, secretBlock: blockBytes,
            timestamp: timestamp)
        guard ConstantTime.equal(signature, expected) else { throw try await failure(of: user, in: call) }
        return try await proceed(user, attempt, in: call)
    }

    // MARK: New password

    private func newPassword(_ attempt: Attempt, session: String?, in call: Call) async throws -> Outcome {
        let password = try attempt.parameter("NEW_PASSWORD")
        let name = try attempt.parameter("USERNAME")
        try attempt.client.checkSecretHash(attempt.parameters["SECRET_HASH"], for: name)
        let state = try sessions.open(
            session, challenge: "NEW_PASSWORD_REQUIRED", client: attempt.client, at: call.now)
        try attempt.pool.passwordPolicy().check(password)
        let prefix = "userAttributes."
        let attributes = attempt.parameters.filter { $0.key.hasPrefix(prefix) }
            .map { UserAttribute(name: String($0.key.dropFirst(prefix.count)), value: $0.value) }
        try UserAttribute.check(attributes, byAdministrator: false)
        let masterKey = store.masterKey
        let user = try await store.write { transaction in
            guard var user = try transaction.user(state.username, in: attempt.pool, masterKey),
                user.status == .forceChangePassword
            else { throw ServiceError.invalidSession }
            for attribute in attributes { user[attribute.name] = attribute.value }
            user.setPassword(password, in: attempt.pool, at: call.now)
            try transaction.put(user, in: attempt.pool, masterKey)
            return user
        }
        return try await proceed(user, attempt, in: call)
    }

    // MARK: Refresh

    private func refresh(_ attempt: Attempt, in call: Call) async throws -> Outcome {
        let text = try attempt.parameter("REFRESH_TOKEN")
        guard let token = try await store.read({ try $0.refreshToken(text) }), token.clientID == attempt.client.id
        else { throw ServiceError.invalidRefreshToken }
        if token.isRevoked { throw ServiceError.revokedRefreshToken }
        guard call.now < token.expires else { throw ServiceError.expiredRefreshToken }
        let user = try await findUser(token.username, attempt)
        guard user.isEnabled else { throw ServiceError.userDisabled }
        if attempt.client.secret != nil {
            // Clients send the hash over the name they signed in with, or over the user's identifier.
            let hash = attempt.parameters["SECRET_HASH"] ?? attempt.parameters["DEVICE_SECRET_HASH"]
            do {
                try attempt.client.checkSecretHash(hash, for: user.username)
            } catch {
                try attempt.client.checkSecretHash(hash, for: user["email"] ?? user.sub)
            }
        }
        let groups = try await store.read { try $0.groups(of: user) }
        let session = TokenIssuer.Session(
            user: user, client: attempt.client, pool: attempt.pool, groups: groups, origin: token.origin,
            signedIn: token.signedIn)
        return .signedIn(try await tokens.tokens(for: session, refreshToken: nil, in: call))
    }

    // MARK: Common steps

    /// The user who is to prove a password: not while wrong ones have locked them out.
    ///
    /// The lock is for passwords only: who holds a refresh token signed in before and goes on.
    private func findUser(_ name: String, _ attempt: Attempt, in call: Call) async throws -> User {
        let user = try await findUser(name, attempt)
        guard try await !store.read({ try $0.isLocked(user, at: call.now) }) else {
            throw ServiceError.tooManyAttempts
        }
        return user
    }

    private func findUser(_ name: String, _ attempt: Attempt) async throws -> User {
        let masterKey = store.masterKey
        return try await store.read { snapshot in
            guard let user = try snapshot.user(name, in: attempt.pool, masterKey) else {
                throw try attempt.client.hidesUnknownUsers()
                    ? ServiceError.incorrectCredentials : ServiceError.userNotFound
            }
            return user
        }
    }

    private func failure(of user: User, in call: Call) async throws -> ServiceError {
        try await store.write { try $0.recordFailure(of: user, at: call.now) }
        return .incorrectCredentials
    }

    /// A user whose password was right: what stands between them and the tokens, if anything.
    private func proceed(_ user: User, _ attempt: Attempt, in call: Call) async throws -> Outcome {
        guard user.isEnabled else { throw ServiceError.userDisabled }
        switch user.status {
        case .unconfirmed: throw ServiceError.userNotConfirmed
        case .resetRequired: throw ServiceError.passwordResetRequired
        case .forceChangePassword: return try requireNewPassword(of: user, attempt, in: call)
        default: return .signedIn(try await signIn(user, attempt, in: call))
        }
    }

    private func requireNewPassword(of user: User, _ attempt: Attempt, in call: Call) throws -> Outcome {
        let lastDay = Duration.seconds(86_400 * (try attempt.pool.passwordPolicy().temporaryPasswordValidityDays))
        guard call.now < user.modified + lastDay else {
            throw ServiceError(
                "NotAuthorizedException",
                "Temporary password has expired and must be reset by an administrator.")
        }
        let state = AuthSessions.State(
            "NEW_PASSWORD_REQUIRED", poolID: attempt.pool.id, clientID: attempt.client.id, username: user.username,
            expires: call.now + AuthSessions.validity)
        var attributes = JSONWriter()
        attributes.value(Dictionary(user.attributes.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
        return .challenge(
            name: "NEW_PASSWORD_REQUIRED", session: try sessions.seal(state),
            parameters: [
                "USER_ID_FOR_SRP": user.username, "requiredAttributes": "[]",
                "userAttributes": String(decoding: attributes.bytes, as: UTF8.self),
            ])
    }

    private func signIn(_ user: User, _ attempt: Attempt, in call: Call) async throws -> AuthenticationResult {
        let refreshToken = RefreshToken.make()
        let session = try await store.write { transaction in
            let session = TokenIssuer.Session(
                user: user, client: attempt.client, pool: attempt.pool, groups: try transaction.groups(of: user),
                origin: Identifier.uuid(), signedIn: call.now)
            try transaction.clearFailures(of: user)
            try transaction.insertRefreshToken(
                refreshToken, for: session, expires: call.now + (try attempt.client.validity(of: .refresh)))
            return session
        }
        return try await tokens.tokens(for: session, refreshToken: refreshToken, in: call)
    }
}

extension User {
    mutating func setPassword(_ text: String, in pool: UserPool, isPermanent: Bool = true, at now: Timestamp) {
        password = SRPVerifier(password: text, username: username, poolName: pool.srpName)
        status = isPermanent ? .confirmed : .forceChangePassword
        modified = now
    }
}
