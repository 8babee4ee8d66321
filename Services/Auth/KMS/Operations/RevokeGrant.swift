import ServiceKit

/// Takes a grant away.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_RevokeGrant.html)
struct RevokeGrant: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let grantID: String
        let isDryRun: Bool

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            grantID = try member("GrantId")
            isDryRun = try member("DryRun") ?? false
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let key = try await store.key(input.keyID, in: call)
        guard let grant = try await store.read({ try $0.grant(input.grantID, of: key.id) }) else {
            throw ServiceError.grantNotFound(input.grantID)
        }
        if input.isDryRun { throw ServiceError.dryRun }
        try await store.write { try $0.delete(grant) }
        return NoOutput()
    }
}
