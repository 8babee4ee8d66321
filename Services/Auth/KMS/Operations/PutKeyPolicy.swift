import ServiceKit

/// Replaces a key's policy.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html)
struct PutKeyPolicy: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let name: String
        let policy: String
        let bypassesLockoutCheck: Bool

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            name = try member("PolicyName") ?? KeyPolicy.name
            policy = try member("Policy")
            bypassesLockoutCheck = try member("BypassPolicyLockoutSafetyCheck") ?? false
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [
            try await store.permission(
                onKey: input.keyID, in: call,
                conditions: ["kms:BypassPolicyLockoutSafetyCheck": ["\(input.bypassesLockoutCheck)"]])
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        guard input.name == KeyPolicy.name else { throw ServiceError.policyNotFound(input.name) }
        let key = try await store.key(input.keyID, in: call)
        try await store.check(input.policy, for: key, bypassing: input.bypassesLockoutCheck, in: call)
        try await store.change(key) { $0.policy = input.policy }
        return NoOutput()
    }
}

extension KMSStore {
    /// Whoever writes a policy must be let by it to write another: a key nobody can change stays so for ever.
    ///
    /// - Throws: `MalformedPolicyDocumentException`, `LimitExceededException`
    func check(_ policy: String, for key: Key, bypassing: Bool, in call: Call) async throws {
        let parsed = try KeyPolicy.parse(policy)
        guard !bypassing else { return }
        var permission = Permission(
            "kms:PutKeyPolicy", on: key.arn, resourcePolicy: parsed,
            context: ["kms:CallerAccount": [call.caller.account]])
        permission.resourceMustAllow = true
        guard try await call.allows(permission) else { throw ServiceError.lockedOut }
    }
}
