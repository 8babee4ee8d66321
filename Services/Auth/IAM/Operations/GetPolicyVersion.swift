import ServiceKit

/// Reads a version of a managed policy with its document.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html)
struct GetPolicyVersion: AWSOperation {
    struct Input: InputShape {
        let arn: String
        let version: String

        init(_ member: Members) throws {
            arn = try member("PolicyArn")
            version = try member("VersionId")
        }
    }
    typealias Output = CreatePolicyVersion.Output

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            let policy = try snapshot.requirePolicy(input.arn, in: call.account)
            let version = try snapshot.requireVersion(input.version, of: policy)
            return Output(
                version: PolicyVersionOutput(
                    version: version, isDefault: version.number == policy.defaultVersion, hasDocument: true))
        }
    }
}
