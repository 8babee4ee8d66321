import ServiceKit

/// Shuts tables whose keys cannot be used any more, and opens them when they can again.
///
/// A KMS that does not answer changes nothing, and is not asked again this time: a table is shut for what KMS says.
struct KeyWatch: Sendable {
    let tables: TableStore
    let keys: TableKeys

    func run(at now: Timestamp) async throws {
        var usable: [String: Bool] = [:]
        for table in tables.catalog.all {
            guard let encryption = table.encryption, encryption.isCustomerManaged else { continue }
            let key = encryption.keyARN
            let isUsable: Bool
            if let known = usable[key] {
                isUsable = known
            } else {
                guard let answer = await answer(key, in: table.region) else { return }
                usable[key] = answer
                isUsable = answer
            }
            if isUsable != table.isAccessible { try await note(table, since: isUsable ? nil : now) }
        }
    }

    private func answer(_ key: String, in region: String) async -> Bool? {
        try? await keys.isUsable(key, in: region)
    }

    private func note(_ known: TableDefinition, since time: Timestamp?) async throws {
        do {
            try await tables.change(known) { table, _ in
                guard table.encryption?.keyARN == known.encryption?.keyARN else { return }
                table.encryption?.inaccessibleSince = time
            }
        } catch let error as ServiceError where error.code == ServiceError.resourceNotFound.code {
            // It was deleted meanwhile.
            return
        }
        // What was held back while it was shut.
        if time == nil { tables.replicaWork.signal() }
    }
}
