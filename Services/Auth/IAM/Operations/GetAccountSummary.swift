import ServiceKit

/// Counts what the account has.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html)
struct GetAccountSummary: AWSOperation {
    struct Output: OutputShape {
        let counts: [String: Int]
        func write(to json: inout JSONWriter) { json.member("SummaryMap", counts) }
    }

    let store: IAMStore

    func permissions(for input: NoInput, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: NoInput, in call: Call) async throws -> Output {
        let counts = try await store.read { snapshot in
            let devices = try snapshot.mfaDevices(of: call.account)
            return [
                "MFADevices": devices.count, "MFADevicesInUse": devices.count { $0.use != nil },
                "AccountMFAEnabled": devices.contains { $0.use?.holder == .root } ? 1 : 0,
                "Users": try snapshot.count(.user, of: call.account),
                "Groups": try snapshot.count(.group, of: call.account),
                "Roles": try snapshot.count(.role, of: call.account),
                "Policies": try snapshot.policies(of: call.account).count,
                "InstanceProfiles": try snapshot.instanceProfiles(of: call.account).count,
                "Providers": try snapshot.oidcProviders(of: call.account).count,
                "AccessKeysPerUserQuota": AccessKey.limit, "VersionsPerPolicyQuota": ManagedPolicy.versionLimit,
                "PolicySizeQuota": ManagedPolicy.sizeLimit,
            ]
        }
        return Output(counts: counts)
    }
}
