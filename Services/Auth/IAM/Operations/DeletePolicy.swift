import ServiceKit

/// Deletes a managed policy that is attached to nothing and has one version.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html)
struct DeletePolicy: AWSOperation {
    struct Input: InputShape {
        let arn: String
        init(_ member: Members) throws { arn = try member("PolicyArn") }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            let policy = try transaction.requireOwnPolicy(input.arn, in: call.account, for: "delete")
            let uses =
                try transaction.attachmentCount(of: policy.arn, in: call.account)
                + transaction.boundaryCount(of: policy.arn, in: call.account)
            guard uses == 0 else { throw ServiceError.policyAttached }
            guard try transaction.versions(of: policy).count == 1 else { throw ServiceError.policyHasVersions }
            try transaction.delete(policy)
        }
        return NoOutput()
    }
}
