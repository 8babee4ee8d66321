import IAM
import STS
import ServiceKit

/// Amazon Cognito identity pools: identities for users and guests, and role credentials that name them.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/Welcome.html)
public enum CognitoIdentityPools {
    public static func service(on host: ServiceHost, _ iam: IAM.Parts) throws -> AWSService {
        let store = IdentityPoolStore(
            database: try host.database("cognito-identity.sqlite", migrations: Schema.migrations),
            masterKey: try MasterKey(in: host.configuration.dataDirectory))
        let logins = LoginVerifier(client: host.client)
        let sessions = RoleSessions(roles: iam.roles, tokens: iam.tokens)
        return AWSService(
            "cognito-identity",
            errors: AWSService.ErrorForms(
                accessDenied: "AccessDeniedException", status: 400, validation: "ValidationException"),
            operations: [
                CreateIdentityPool(store: store), DescribeIdentityPool(store: store), UpdateIdentityPool(store: store),
                DeleteIdentityPool(store: store), ListIdentityPools(store: store), SetIdentityPoolRoles(store: store),
                GetIdentityPoolRoles(store: store), GetId(store: store, logins: logins),
                GetCredentialsForIdentity(store: store, logins: logins, sessions: sessions),
                DescribeIdentity(store: store), ListIdentities(store: store),
            ])
    }
}
