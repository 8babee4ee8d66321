import ServiceKit

/// Reads a managed policy, without its document.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html)
struct GetPolicy: AWSOperation {
    struct Input: InputShape {
        let arn: String
        init(_ member: Members) throws { arn = try member("PolicyArn") }
    }
    typealias Output = CreatePolicy.Output

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            let policy = try snapshot.requirePolicy(input.arn, in: call.account)
            return Output(policy: try snapshot.output(policy, in: call.account))
        }
    }
}
