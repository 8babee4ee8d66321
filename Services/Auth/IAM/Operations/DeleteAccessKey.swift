import ServiceKit

/// Deletes an access key.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html)
struct DeleteAccessKey: AWSOperation {
    struct Input: InputShape {
        let user: String?
        let id: String

        init(_ member: Members) throws {
            user = try member("UserName")
            id = try member("AccessKeyId")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.keyHolderPermission(input.user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let user = try UserName.resolveKeyHolder(input.user, in: call)
        try await store.changeCredentials(input.id) { transaction in
            try transaction.delete(transaction.requireAccessKey(input.id, of: user, in: call.account))
        }
        return NoOutput()
    }
}
