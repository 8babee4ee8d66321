import ServiceKit

/// Deletes a version that is not the default one.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html)
struct DeletePolicyVersion: AWSOperation {
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
            let policy = try transaction.requireOwnPolicy(input.arn, in: call.account, for: "change")
            let version = try transaction.requireVersion(input.version, of: policy)
            guard version.number != policy.defaultVersion else { throw ServiceError.defaultVersion }
            try transaction.delete(version, of: policy)
        }
        return NoOutput()
    }
}
