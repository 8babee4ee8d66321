import ServiceKit

/// Says which state of a policy a caller has seen: a digest of its statements.
struct PolicyRevision {
    let id: String

    init(_ statements: [PolicyStatement]) {
        let digits = Hex.string(SHA256.hash(PolicyStatement.policy(of: statements)).prefix(16))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { range in
            String(digits.dropFirst(range.lowerBound).prefix(range.count))
        }
        id = parts.joined(separator: "-")
    }

    /// - Throws: `PreconditionFailedException`.
    func require(_ seen: String) throws {
        if seen != id { throw ServiceError.preconditionFailed("GetPolicy") }
    }
}
