import ServiceKit

/// Registers a user, who must confirm by a code unless the pool needs none.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html)
struct SignUp: AWSOperation {
    struct Input: InputShape {
        let clientId: String
        let secretHash: String?
        let username: String
        let password: String?
        let userAttributes: [UserAttribute]

        init(_ member: Members) throws {
            clientId = try member("ClientId")
            secretHash = try member("SecretHash")
            username = try member("Username")
            password = try member("Password")
            userAttributes = try member("UserAttributes") ?? []
        }
    }

    struct Output: OutputShape {
        let sub: String
        let delivery: CodeDeliveryDetails?

        func write(to json: inout JSONWriter) {
            json.member("UserConfirmed", false)
            json.member("CodeDeliveryDetails", delivery)
            json.member("UserSub", sub)
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let (client, pool) = try await store.client(input.clientId)
        try client.checkSecretHash(input.secretHash, for: input.username)
        guard try pool.allowsSelfSignUp() else { throw ServiceError.signUpNotPermitted }
        guard let password = input.password else { throw ServiceError.missingParameter("Password") }
        try pool.passwordPolicy().check(password)
        try UserAttribute.check(input.userAttributes, byAdministrator: false)
        var user = try User(named: input.username, attributes: input.userAttributes, in: pool, at: call.now)
        user.setPassword(password, in: pool, at: call.now)
        user.status = .unconfirmed
        let newcomer = user
        let store = store
        let delivery = try await store.write { transaction in
            try transaction.register(newcomer, in: pool, store.masterKey)
            guard try pool.autoVerifiedAttributes().contains("email") else { return CodeDeliveryDetails?.none }
            return try transaction.sendCode(to: newcomer, of: pool, for: .signUp, by: store, at: call.now)
        }
        return Output(sub: user.sub, delivery: delivery)
    }
}

extension User {
    /// A new user, named as the pool names its users: by what was given, or by `sub` where addresses sign in.
    init(named name: String, attributes: [UserAttribute], in pool: UserPool, at now: Timestamp) throws {
        let sub = Identifier.uuid()
        var attributes = attributes.filter { !UserAttribute.readOnly.contains($0.name) }
        let kinds = try pool.usernameAttributes()
        if !kinds.isEmpty {
            let kind = name.hasPrefix("+") ? "phone_number" : "email"
            guard kinds.contains(kind), kind != "email" || UserAttribute.isEmailAddress(name) else {
                throw ServiceError.invalidParameter("Username should be an email.")
            }
            if !attributes.contains(where: { $0.name == kind }) {
                attributes.append(UserAttribute(name: kind, value: name))
            }
        } else if try pool.aliasAttributes().contains("email"), UserAttribute.isEmailAddress(name) {
            throw ServiceError.invalidParameter(
                "Username cannot be of email format, since user pool is configured for email alias.")
        }
        self.init(
            poolID: pool.id, username: kinds.isEmpty ? try pool.normalize(name) : sub, sub: sub, status: .unconfirmed,
            attributes: attributes, password: nil, created: now, modified: now)
    }
}

extension Transaction {
    /// - Throws: `UsernameExistsException`
    func register(_ user: User, in pool: UserPool, _ masterKey: MasterKey) throws {
        guard try self.user(user.username, in: pool, masterKey) == nil else { throw ServiceError.usernameExists }
        try put(user, in: pool, masterKey)
    }
}
