import ServiceKit

extension ObjectKeys {
    /// The key of a version's bytes, sealed for another bucket. It stays the same key: the bytes are not touched.
    ///
    /// - Throws: `ReplicationFailure` where KMS refuses either side, `ServiceError` where it does not answer.
    func seal(_ encryption: Encryption?, for replication: Replication) async throws -> Encryption? {
        guard let encryption, case .managed(let managed) = encryption.method else { return encryption }
        let (object, call) = (replication.object, replication.call)
        let key = try await translating(.sourceKeyUnusable) {
            try await service.open(
                encryption.sealedKey, under: managed, KeyRequest(for: object.key, in: replication.source, call))
        }
        guard let keyID = replication.rule.destination.keyID else { throw ReplicationFailure.destinationKeyNotFound }
        let wish = ManagedKeyWish(
            keyID: keyID, context: managed.context,
            usesBucketKey: managed.usesBucketKey || replication.destination.defaultEncryption.usesBucketKey)
        let (sealer, sealed) = try await translating(.destinationKeyUnusable) {
            try await service.seal(key, wish, KeyRequest(for: object.key, in: replication.destination, call))
        }
        var replica = sealer
        // The second layer's key is the store's to open, which is the same one.
        replica.secondLayer = managed.secondLayer
        return Encryption(.managed(replica), sealedKey: sealed)
    }

    private func translating<T>(_ failure: ReplicationFailure, _ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as ServiceError where error.status < 500 {
            let isMissing = error.code == "KMS.NotFoundException" && failure == .destinationKeyUnusable
            throw isMissing ? ReplicationFailure.destinationKeyNotFound : failure
        }
    }
}
