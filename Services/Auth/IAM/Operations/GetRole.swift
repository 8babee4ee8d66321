import ServiceKit

/// Reads a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html)
struct GetRole: AWSOperation {
    typealias Input = IdentityInput<OfRole>
    typealias Output = CreateRole.Output

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        Output(role: try await store.read { try $0.requireIdentity(.role, input.name, of: call.account) })
    }
}
