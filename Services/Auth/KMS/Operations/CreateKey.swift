import ServiceKit

/// Makes a key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html)
struct CreateKey: AWSOperation {
    struct Input: InputShape {
        let policy: String?
        let description: String
        let spec: String
        let usage: String?
        let tags: [Tag]
        let bypassesLockoutCheck: Bool
        private let origin: String?
        private let keyStore: String?
        private let isMultiRegion: Bool

        init(_ member: Members) throws {
            policy = try member("Policy")
            description = try member("Description") ?? ""
            let older: String? = try member("CustomerMasterKeySpec")
            spec = try member("KeySpec") ?? older ?? KeySpec.symmetric.rawValue
            usage = try member("KeyUsage")
            tags = try member("Tags") ?? []
            bypassesLockoutCheck = try member("BypassPolicyLockoutSafetyCheck") ?? false
            origin = try member("Origin")
            keyStore = try member("CustomKeyStoreId")
            isMultiRegion = try member("MultiRegion") ?? false
        }

        /// - Throws: `UnsupportedOperationException`, `ValidationException`, `TagException`
        func kind() throws -> (spec: KeySpec, usage: KeyUsage) {
            if let origin, origin != "AWS_KMS" {
                throw ServiceError.unsupported("The key origin \(origin) is not implemented by Apus.")
            }
            guard keyStore == nil else { throw ServiceError.unsupported("Apus has no custom key stores.") }
            guard !isMultiRegion else { throw ServiceError.unsupported("Apus has no multi-Region keys.") }
            let spec = try KeySpec(named: spec)
            // Only symmetric keys have a use that goes without saying.
            guard usage != nil || spec == .symmetric else {
                throw ServiceError.validation(
                    "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.")
            }
            guard let chosen = usage.map({ KeyUsage(rawValue: $0) }) ?? spec.usages.first, spec.usages.contains(chosen)
            else {
                throw ServiceError.validation("KeyUsage \(usage ?? "") is not compatible with KeySpec \(spec.rawValue)")
            }
            try Tag.check(tags)
            return (spec, chosen)
        }
    }

    struct Output: OutputShape {
        let metadata: KeyMetadata
        func write(to json: inout JSONWriter) { json.member("KeyMetadata", metadata) }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) throws -> [Permission] {
        let (spec, usage) = try input.kind()
        var conditions = KMSStore.conditions(spec: spec, usage: usage)
        conditions["kms:CallerAccount"] = [call.account]
        conditions["kms:BypassPolicyLockoutSafetyCheck"] = ["\(input.bypassesLockoutCheck)"]
        conditions.merge(Tag.conditions(input.tags)) { $1 }
        let creation = Permission(on: "*", context: conditions)
        guard !input.tags.isEmpty else { return [creation] }
        return [creation, Permission("kms:TagResource", on: "*", context: conditions)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let (spec, usage) = try input.kind()
        let policy = input.policy ?? KeyPolicy.initial(for: call.account)
        let key = Key(
            id: Identifier.uuid(), account: call.account, region: call.region, created: call.now, spec: spec,
            usage: usage, keeper: .customer, description: input.description, state: .enabled, policy: policy,
            tags: input.tags)
        try await store.check(policy, for: key, bypassing: input.bypassesLockoutCheck, in: call)
        // Made before the transaction, which must not wait for it.
        let material = try KeyMaterial(for: key, version: 1, cause: nil, at: call.now, store.masterKey)
        try await store.write { try $0.insert(key, material) }
        return Output(metadata: KeyMetadata(key: key, materialID: material.id))
    }
}
