import IAM
import ServiceKit

/// AWS Security Token Service: temporary credentials.
///
/// [API reference](https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html)
public enum STS {
    public static func service(on host: ServiceHost, _ iam: IAM.Parts) -> AWSService {
        let sessions = RoleSessions(roles: iam.roles, tokens: iam.tokens)
        let factor = SecondFactor(codes: iam.codes)
        let identities = WebIdentities(roles: iam.roles, client: host.client)
        return AWSService(
            "sts", errors: .query,
            operations: [
                AssumeRole(sessions: sessions, factor: factor),
                AssumeRoleWithWebIdentity(sessions: sessions, identities: identities),
                GetAccessKeyInfo(roles: iam.roles),
                GetCallerIdentity(),
                GetFederationToken(sessions: sessions),
                GetSessionToken(sessions: sessions, factor: factor),
            ])
    }
}
