import ServiceKit

/// Lets a principal do some operations with a key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html)
struct CreateGrant: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let grantee: String
        let retiring: String?
        let operations: [String]
        let constraints: Grant.Constraints?
        let name: String?
        let grantTokens: [String]?
        let isDryRun: Bool

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            grantee = try member("GranteePrincipal")
            retiring = try member("RetiringPrincipal")
            operations = try member("Operations")
            constraints = try member("Constraints")
            name = try member("Name")
            grantTokens = try member("GrantTokens")
            isDryRun = try member("DryRun") ?? false
        }

        /// Condition keys.
        var conditions: [String: [String]] {
            var conditions = ["kms:GrantOperations": operations, "kms:GranteePrincipal": [grantee]]
            if let retiring { conditions["kms:RetiringPrincipal"] = [retiring] }
            if let constraints {
                conditions["kms:GrantConstraintType"] = [
                    constraints.equals == nil ? "EncryptionContextSubset" : "EncryptionContextEquals"
                ]
            }
            return conditions
        }

        /// - Throws: `ValidationException`
        func check(against key: Key) throws {
            guard !operations.isEmpty, Set(operations).isSubset(of: Grant.operations(of: key)) else {
                throw ServiceError.validation(
                    "The operations \(operations) are not valid for a key with the usage \(key.usage.rawValue).")
            }
        }
    }

    struct Output: OutputShape {
        let token: String
        let id: String

        func write(to json: inout JSONWriter) {
            json.member("GrantToken", token)
            json.member("GrantId", id)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(onKey: input.keyID, in: call, conditions: input.conditions)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try store.tokens.check(input.grantTokens)
        let key = try await store.key(input.keyID, in: call)
        try key.requireUsable()
        try input.check(against: key)
        try await store.checkDelegation(of: input, on: key, in: call)
        if input.isDryRun { throw ServiceError.dryRun }
        let grant = Grant(
            keyARN: key.arn, id: Hex.string(SecureRandom.bytes(32)), created: call.now, grantee: input.grantee,
            retiring: input.retiring, issuer: call.account, name: input.name, operations: input.operations,
            constraints: input.constraints)
        let kept = try await store.write { transaction in
            // A name makes the request one that can be repeated.
            if let twin = try transaction.grants(of: key, to: grant.grantee).first(where: grant.isRepetition) {
                return twin
            }
            try transaction.insert(grant)
            return grant
        }
        return Output(token: store.tokens.token(for: kept), id: kept.id)
    }
}

extension Grant {
    fileprivate func isRepetition(of other: Grant) -> Bool {
        name != nil && name == other.name && retiring == other.retiring && operations == other.operations
            && constraints == other.constraints
    }
}

extension KMSStore {
    /// Who may create grants by a grant alone hands on no more than it holds.
    ///
    /// - Throws: `AccessDeniedException`
    fileprivate func checkDelegation(of input: CreateGrant.Input, on key: Key, in call: Call) async throws {
        var direct = try await permission("CreateGrant", on: key, in: call, conditions: input.conditions)
        direct.resourcePolicy = try KeyPolicy.parse(key.policy)
        if try await call.allows(direct) { return }
        let held = try await read { snapshot in
            try [call.caller.arn, call.caller.policyARN].compactMap { $0 }
                .flatMap { try snapshot.grants(of: key, to: $0) }
        }
        let suffices = held.contains { grant in
            guard grant.operations.contains("CreateGrant"),
                Set(input.operations).isSubset(of: grant.operations)
            else { return false }
            guard let limits = grant.constraints else { return true }
            return input.constraints?.isAsStrict(as: limits) ?? false
        }
        guard suffices else {
            throw ServiceError(
                "AccessDeniedException", "The grant that allows CreateGrant does not allow what is to be granted.")
        }
    }
}
