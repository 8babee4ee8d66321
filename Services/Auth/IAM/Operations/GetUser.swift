import ServiceKit

/// Reads a user: the caller, where none is named.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html)
struct GetUser: AWSOperation {
    struct Output: OutputShape {
        let user: Identity?
        let root: Call

        func write(to json: inout JSONWriter) {
            json.member("User") { json in
                guard let user else { return json.object(writeRoot) }
                json.value(IdentityOutput(identity: user))
            }
        }

        private func writeRoot(to json: inout JSONWriter) {
            json.member("Path", "/")
            json.member("UserName", "root")
            json.member("UserId", root.account)
            json.member("Arn", root.principal)
            json.member("CreateDate", Timestamp(seconds: 0))
        }
    }

    let store: IAMStore

    func permissions(for input: OptionalUserInput, in call: Call) async throws -> [Permission] {
        [try await store.keyHolderPermission(input.name, in: call)]
    }

    func perform(_ input: OptionalUserInput, in call: Call) async throws -> Output {
        guard let name = try UserName.resolveKeyHolder(input.name, in: call) else {
            return Output(user: nil, root: call)
        }
        return Output(user: try await store.read { try $0.requireIdentity(.user, name, of: call.account) }, root: call)
    }
}
