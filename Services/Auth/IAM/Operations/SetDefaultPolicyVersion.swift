import ServiceKit

/// Puts a version of a managed policy in force.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html)
struct SetDefaultPolicyVersion: AWSOperation {
    struct Input: InputShape {
        let arn: String
        let version: String

        init(_ member: Members) throws {
            arn = try member("PolicyArn")
            version = try member("VersionId")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            var policy = try transaction.requireOwnPolicy(input.arn, in: call.account, for: "change")
            policy.defaultVersion = try transaction.requireVersion(input.version, of: policy).number
            policy.updated = Timestamp(seconds: call.now.seconds)
            try transaction.update(policy)
        }
        return NoOutput()
    }
}
