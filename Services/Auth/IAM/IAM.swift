import ServiceKit

/// AWS Identity and Access Management: who there is, and what they may do.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html)
public enum IAM {
    /// The service, the operations between services, and what the other services of `auth` use in the process.
    public struct Parts: Sendable {
        public let services: [AWSService]
        public let roles: RoleStore
        public let tokens: SessionTokens
        public let codes: MFACodes
    }

    public static func parts(on host: ServiceHost) throws -> Parts {
        let store = try IAMStore(on: host)
        let tokens = SessionTokens(masterKey: store.masterKey)
        let root = try RootCredentials(in: host.configuration.dataDirectory)
        let resolver = ResolveCredential(
            store: store, tokens: tokens, root: root, account: host.configuration.account)
        let codes = MFACodes(store: store)
        let operations = users(store) + groups(store) + roles(store) + policies(store) + keys(store) + others(store)
        return Parts(
            services: [
                AWSService("iam", errors: .query, operations: operations),
                .internal(
                    "apus.auth",
                    operations: [resolver, GetIdentityPolicies(store: store), TakeRootMFACode(codes: codes)]),
            ],
            roles: RoleStore(store: store), tokens: tokens, codes: codes)
    }

    private static func users(_ store: IAMStore) -> [any AWSOperation] {
        [
            CreateUser(store: store), GetUser(store: store), UpdateUser(store: store), DeleteUser(store: store),
            ListUsers(store: store), TagUser(store: store), UntagUser(store: store), ListUserTags(store: store),
            PutUserPolicy(store: store), GetUserPolicy(store: store), DeleteUserPolicy(store: store),
            ListUserPolicies(store: store), AttachUserPolicy(store: store), DetachUserPolicy(store: store),
            ListAttachedUserPolicies(store: store), PutUserPermissionsBoundary(store: store),
            DeleteUserPermissionsBoundary(store: store),
        ]
    }

    private static func groups(_ store: IAMStore) -> [any AWSOperation] {
        [
            CreateGroup(store: store), GetGroup(store: store), UpdateGroup(store: store), DeleteGroup(store: store),
            ListGroups(store: store), ListGroupsForUser(store: store), AddUserToGroup(store: store),
            RemoveUserFromGroup(store: store), PutGroupPolicy(store: store), GetGroupPolicy(store: store),
            DeleteGroupPolicy(store: store), ListGroupPolicies(store: store), AttachGroupPolicy(store: store),
            DetachGroupPolicy(store: store), ListAttachedGroupPolicies(store: store),
        ]
    }

    private static func roles(_ store: IAMStore) -> [any AWSOperation] {
        [
            CreateRole(store: store), GetRole(store: store), UpdateRole(store: store),
            UpdateRoleDescription(store: store), UpdateAssumeRolePolicy(store: store), DeleteRole(store: store),
            ListRoles(store: store), CreateServiceLinkedRole(store: store), TagRole(store: store),
            UntagRole(store: store), ListRoleTags(store: store), PutRolePolicy(store: store),
            GetRolePolicy(store: store), DeleteRolePolicy(store: store), ListRolePolicies(store: store),
            AttachRolePolicy(store: store), DetachRolePolicy(store: store), ListAttachedRolePolicies(store: store),
            PutRolePermissionsBoundary(store: store), DeleteRolePermissionsBoundary(store: store),
        ]
    }

    private static func policies(_ store: IAMStore) -> [any AWSOperation] {
        [
            CreatePolicy(store: store), GetPolicy(store: store), DeletePolicy(store: store),
            ListPolicies(store: store), CreatePolicyVersion(store: store), GetPolicyVersion(store: store),
            DeletePolicyVersion(store: store), SetDefaultPolicyVersion(store: store),
            ListPolicyVersions(store: store), ListEntitiesForPolicy(store: store), TagPolicy(store: store),
            UntagPolicy(store: store), ListPolicyTags(store: store), SimulateCustomPolicy(store: store),
            SimulatePrincipalPolicy(store: store),
        ]
    }

    private static func keys(_ store: IAMStore) -> [any AWSOperation] {
        [
            CreateAccessKey(store: store), UpdateAccessKey(store: store), DeleteAccessKey(store: store),
            ListAccessKeys(store: store), GetAccessKeyLastUsed(store: store), CreateVirtualMFADevice(store: store),
            EnableMFADevice(store: store), ResyncMFADevice(store: store), DeactivateMFADevice(store: store),
            DeleteVirtualMFADevice(store: store), GetMFADevice(store: store), ListMFADevices(store: store),
            ListVirtualMFADevices(store: store), TagMFADevice(store: store), UntagMFADevice(store: store),
            ListMFADeviceTags(store: store),
        ]
    }

    private static func others(_ store: IAMStore) -> [any AWSOperation] {
        [
            CreateInstanceProfile(store: store), GetInstanceProfile(store: store),
            DeleteInstanceProfile(store: store), ListInstanceProfiles(store: store),
            ListInstanceProfilesForRole(store: store), AddRoleToInstanceProfile(store: store),
            RemoveRoleFromInstanceProfile(store: store), CreateOpenIDConnectProvider(store: store),
            GetOpenIDConnectProvider(store: store), DeleteOpenIDConnectProvider(store: store),
            ListOpenIDConnectProviders(store: store), AddClientIDToOpenIDConnectProvider(store: store),
            RemoveClientIDFromOpenIDConnectProvider(store: store), GetAccountSummary(store: store),
        ]
    }
}
