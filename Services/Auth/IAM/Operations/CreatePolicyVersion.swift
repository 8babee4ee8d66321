import ServiceKit

/// Adds a version to a managed policy.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html)
struct CreatePolicyVersion: AWSOperation {
    struct Input: InputShape {
        let arn: String
        let document: String
        let setAsDefault: Bool

        init(_ member: Members) throws {
            arn = try member("PolicyArn")
            document = try member("PolicyDocument")
            setAsDefault = try member("SetAsDefault") ?? false
        }
    }

    struct Output: OutputShape {
        let version: PolicyVersionOutput
        func write(to json: inout JSONWriter) { json.member("PolicyVersion", version) }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try IAMStore.check(input.document, as: .identity)
        try ManagedPolicy.checkSize(input.document)
        let version = try await store.change { transaction in
            var policy = try transaction.requireOwnPolicy(input.arn, in: call.account, for: "change")
            guard try transaction.versions(of: policy).count < ManagedPolicy.versionLimit else {
                throw ServiceError.tooManyVersions
            }
            policy.lastVersion += 1
            policy.updated = Timestamp(seconds: call.now.seconds)
            if input.setAsDefault { policy.defaultVersion = policy.lastVersion }
            let version = ManagedPolicy.Version(
                number: policy.lastVersion, document: input.document, created: policy.updated)
            try transaction.insert(version, of: policy)
            try transaction.update(policy)
            return version
        }
        return Output(version: PolicyVersionOutput(version: version, isDefault: input.setAsDefault))
    }
}
