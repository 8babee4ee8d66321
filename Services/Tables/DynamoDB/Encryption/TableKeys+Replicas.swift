import ServiceKit

extension TableKeys {
    /// The keys after an UpdateTable, of the table and of every replica that gets another one, by region. A region
    /// with `nil` has none any more.
    ///
    /// - Throws: also where a replica is left out: all have their keys from one owner, each in its region.
    func change(
        _ input: EncryptionInput, _ replicas: ReplicaRequest, of table: TableDefinition, in call: Call
    ) async throws -> [String: TableEncryption?] {
        let choice = try input.choice()
        let others = table.replication?.others(than: table.region).map(\.region) ?? []
        var keys: [String: TableEncryption?] = [:]
        keys[table.region] = .some(try await encryption(choice, in: table.region, call))
        for region in others {
            var own = choice
            if case .customer = choice {
                guard table.replication?.version == .current else { throw ServiceError.customerKeyOfLegacyReplica }
                guard let keyID = replicas.keyID(in: region) else { throw ServiceError.keyOfEachReplica }
                own = .customer(keyID)
            } else if replicas.keyID(in: region) != nil {
                throw ServiceError.keyOfReplicaAlone
            }
            keys[region] = .some(try await encryption(own, in: region, call))
        }
        try requireNews(in: keys, of: table, choice)
        return keys
    }

    private func requireNews(
        in keys: [String: TableEncryption?], of table: TableDefinition, _ choice: EncryptionInput.Choice
    ) throws(ServiceError) {
        guard let wanted = keys[table.region], wanted?.keyARN == table.encryption?.keyARN, keys.count == 1 else {
            return
        }
        throw .alreadyEncrypted(choice == .none ? "default" : "given KMSMasterKeyId")
    }

    /// The keys of replicas that are to be made, by region: as the table has one itself.
    func keys(of replicas: ReplicaRequest, like table: TableDefinition, in call: Call) async throws
        -> [String: TableEncryption?]
    {
        guard replicas.updates.allSatisfy({ $0.update?.keyID == nil }) else { throw ServiceError.keyOfEachReplica }
        var keys: [String: TableEncryption?] = [:]
        for create in replicas.updates.compactMap(\.create) {
            let choice: EncryptionInput.Choice
            switch (table.encryption?.isCustomerManaged, create.keyID) {
            case (true?, nil): throw ServiceError.keyOfEachReplica
            case (true?, let keyID?): choice = .customer(keyID)
            case (_, .some): throw ServiceError.keyOfReplicaAlone
            case (false?, nil): choice = .managed
            case (nil, nil): choice = .none
            }
            keys[create.region] = .some(try await encryption(choice, in: create.region, call))
        }
        return keys
    }
}

extension ServiceError {
    /// [Encryption notes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html)
    static let customerKeyOfLegacyReplica = ServiceError.invalidParameter(
        "Customer managed keys are not supported in global tables of version 2017.11.29")
    fileprivate static let keyOfReplicaAlone = ServiceError.invalidParameter(
        "KMSMasterKeyId of a replica can only be specified where the table has a customer managed key itself")
}
