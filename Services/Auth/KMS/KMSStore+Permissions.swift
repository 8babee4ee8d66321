import ServiceKit

extension KMSStore {
    /// What an operation needs of a key: its policy decides, and grants besides.
    ///
    /// - Parameters:
    ///   - action: without `kms:`; `nil` for the operation's own.
    ///   - context: the encryption context, of operations that have one.
    func permission(
        _ action: String? = nil, on key: Key, in call: Call, context: EncryptionContext? = nil,
        conditions: [String: [String]] = [:]
    ) async throws -> Permission {
        let name = action ?? call.operation
        var policy = try KeyPolicy.parse(key.policy)
        let grants = try await grants(to: call.caller, of: key, for: name, context)
        for grant in grants { policy = policy.allowing(grant.listedGrantee) }
        let aliases = try await read { try $0.aliases(of: key) }
        var all = key.conditions
        if !aliases.isEmpty { all["kms:ResourceAliases"] = aliases.map(\.name) }
        all["kms:CallerAccount"] = call.caller.account.isEmpty ? nil : [call.caller.account]
        all.merge(context?.conditions ?? [:]) { $1 }
        all.merge(conditions) { $1 }
        var permission = Permission("kms:\(name)", on: key.arn, resourcePolicy: policy, context: all)
        permission.resourceMustAllow = true
        return permission
    }

    /// As `permission(_:on:in:)`, of a key by the name a request gives.
    func permission(
        _ action: String? = nil, onKey text: String, in call: Call, allowingAliases: Bool = false,
        conditions: [String: [String]] = [:]
    ) async throws -> Permission {
        let key = try await key(text, in: call, allowingAliases: allowingAliases)
        return try await permission(action, on: key, in: call, conditions: conditions)
    }

    private func grants(
        to caller: Caller, of key: Key, for operation: String, _ context: EncryptionContext?
    ) async throws -> [Grant] {
        var grantees = [caller.arn]
        if let role = caller.policyARN { grantees.append(role) }
        if !caller.account.isEmpty { grantees.append("arn:aws:iam::\(caller.account):root") }
        return try await read { snapshot in
            try Set(grantees).flatMap { try snapshot.grants(of: key, to: $0) }
                .filter { $0.covers(operation, context) }
        }
    }
}

extension Grant {
    fileprivate var listedGrantee: ListedPrincipal {
        grantee.hasSuffix(".amazonaws.com") ? .service(grantee) : .principal(grantee)
    }
}

extension Key {
    /// Condition keys about the key.
    fileprivate var conditions: [String: [String]] {
        var conditions = KMSStore.conditions(spec: spec, usage: usage)
        for tag in tags { conditions["aws:ResourceTag/\(tag.key)"] = [tag.value] }
        return conditions
    }
}

extension KMSStore {
    static func conditions(spec: KeySpec, usage: KeyUsage) -> [String: [String]] {
        [
            "kms:KeySpec": [spec.rawValue], "kms:KeyUsage": [usage.rawValue], "kms:KeyOrigin": ["AWS_KMS"],
            "kms:MultiRegion": ["false"],
        ]
    }
}
