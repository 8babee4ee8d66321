import ServiceKit

/// Amazon Cognito user pools: sign-up, sign-in and the tokens that prove it.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html)
public enum CognitoUserPools {
    /// The service and the operations that other parts of Apus call, on one store.
    public static func services(on host: ServiceHost) throws -> [AWSService] {
        let masterKey = try MasterKey(in: host.configuration.dataDirectory)
        let store = UserPoolStore(
            database: try host.database("cognito-idp.sqlite", migrations: Schema.migrations), masterKey: masterKey)
        let delivery = CodeDelivery(store: store, client: host.client, clock: host.clock)
        host.work("cognito-code-delivery") { try await delivery.run() }
        let tokens = TokenIssuer(store: store)
        let signIn = SignIn(store: store, tokens: tokens, sessions: AuthSessions(masterKey: masterKey))
        return [
            AWSService(
                "cognito-idp", errors: .cognito,
                operations: pools(store) + users(store, signIn: signIn) + administration(store, signIn: signIn)),
            .internal(
                "apus.auth", operations: [GetJWKS(store: store), GetOpenIDConfiguration(store: store)]),
        ]
    }

    private static func pools(_ store: UserPoolStore) -> [any AWSOperation] {
        [
            CreateUserPool(store: store), DescribeUserPool(store: store), UpdateUserPool(store: store),
            DeleteUserPool(store: store), ListUserPools(store: store),
            CreateUserPoolClient(store: store), DescribeUserPoolClient(store: store),
            UpdateUserPoolClient(store: store), DeleteUserPoolClient(store: store), ListUserPoolClients(store: store),
            CreateGroup(store: store), GetGroup(store: store), UpdateGroup(store: store), DeleteGroup(store: store),
            ListGroups(store: store),
        ]
    }

    /// What the clients of an application call: no AWS credentials, their own secrets instead.
    private static func users(_ store: UserPoolStore, signIn: SignIn) -> [any AWSOperation] {
        [
            SignUp(store: store), ConfirmSignUp(store: store), ResendConfirmationCode(store: store),
            InitiateAuth(signIn: signIn), RespondToAuthChallenge(signIn: signIn),
            ForgotPassword(store: store), ConfirmForgotPassword(store: store),
            ChangePassword(store: store, tokens: signIn.tokens), GetUser(store: store, tokens: signIn.tokens),
            UpdateUserAttributes(store: store, tokens: signIn.tokens),
            DeleteUser(store: store, tokens: signIn.tokens), GlobalSignOut(store: store, tokens: signIn.tokens),
            RevokeToken(store: store),
        ]
    }

    private static func administration(_ store: UserPoolStore, signIn: SignIn) -> [any AWSOperation] {
        [
            AdminCreateUser(store: store), AdminGetUser(store: store), AdminConfirmSignUp(store: store),
            AdminSetUserPassword(store: store), AdminUpdateUserAttributes(store: store), AdminDeleteUser(store: store),
            AdminEnableUser(store: store), AdminDisableUser(store: store), AdminUserGlobalSignOut(store: store),
            AdminAddUserToGroup(store: store), AdminRemoveUserFromGroup(store: store),
            AdminListGroupsForUser(store: store), ListUsersInGroup(store: store), ListUsers(store: store),
            AdminInitiateAuth(signIn: signIn), AdminRespondToAuthChallenge(signIn: signIn),
        ]
    }
}

extension AWSService.ErrorForms {
    static let cognito = AWSService.ErrorForms(
        accessDenied: "AccessDeniedException", status: 400, validation: "InvalidParameterException")
}
