import ServiceKit

/// Ends a grant, for those it names as allowed to.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html)
struct RetireGrant: AWSOperation {
    struct Input: InputShape {
        let token: String?
        let keyID: String?
        let grantID: String?
        let isDryRun: Bool

        init(_ member: Members) throws {
            token = try member("GrantToken")
            keyID = try member("KeyId")
            grantID = try member("GrantId")
            isDryRun = try member("DryRun") ?? false
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let (key, grant) = try await grant(input, in: call)
        var permission = try await store.permission(on: key, in: call)
        if let retiring = grant.retiring {
            permission.resourcePolicy = permission.resourcePolicy?.allowing(.principal(retiring))
        }
        return [permission]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let (_, grant) = try await grant(input, in: call)
        if input.isDryRun { throw ServiceError.dryRun }
        try await store.write { try $0.delete(grant) }
        return NoOutput()
    }

    private func grant(_ input: Input, in call: Call) async throws -> (key: Key, grant: Grant) {
        let (keyName, grantID) = try name(of: input)
        let key = try await store.key(keyName, in: call)
        guard let grant = try await store.read({ try $0.grant(grantID, of: key.id) }) else {
            throw ServiceError.grantNotFound(grantID)
        }
        return (key, grant)
    }

    private func name(of input: Input) throws -> (key: String, grant: String) {
        switch (input.token, input.keyID, input.grantID) {
        case (let token?, nil, nil):
            let opened = try store.tokens.open(token)
            return (opened.keyID, opened.grantID)
        case (nil, let key?, let grant?): return (key, grant)
        default: throw ServiceError.validation("Must specify either grant token or grant ID and key ARN.")
        }
    }
}
