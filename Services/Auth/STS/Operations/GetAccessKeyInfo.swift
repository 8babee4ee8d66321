import IAM
import ServiceKit

/// Tells which account an access key belongs to.
///
/// [API reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html)
struct GetAccessKeyInfo: AWSOperation {
    struct Input: InputShape {
        let id: String
        init(_ member: Members) throws { id = try member("AccessKeyId") }
    }

    struct Output: OutputShape {
        let account: String
        func write(to json: inout JSONWriter) { json.member("Account", account) }
    }

    let roles: RoleStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        // Session keys stand in no table; all of them are of the stack's account.
        Output(account: try await roles.account(ofKey: input.id) ?? call.account)
    }
}
