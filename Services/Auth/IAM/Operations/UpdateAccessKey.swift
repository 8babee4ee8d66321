import ServiceKit

/// Switches an access key off or on.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html)
struct UpdateAccessKey: AWSOperation {
    struct Input: InputShape {
        let user: String?
        let id: String
        let status: String

        init(_ member: Members) throws {
            user = try member("UserName")
            id = try member("AccessKeyId")
            status = try member("Status")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.keyHolderPermission(input.user, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        guard let status = AccessKey.Status(rawValue: input.status) else {
            throw ServiceError.validation("\(input.status) is not a status of an access key.")
        }
        let user = try UserName.resolveKeyHolder(input.user, in: call)
        try await store.changeCredentials(input.id) { transaction in
            let key = try transaction.requireAccessKey(input.id, of: user, in: call.account)
            try transaction.setStatus(of: key, to: status)
        }
        return NoOutput()
    }
}
