import IAM
import ServiceKit

/// The policies that limit a session: one written into the request, and managed ones by their ARNs.
struct SessionPolicies: Sendable {
    struct Reference: InputShape {
        let arn: String
        init(_ member: Members) throws { arn = try member("arn") }
    }

    private static let referenceLimit = 10
    /// What AWS's packed form has room for, in bytes of text; ours is not packed, so the share told is an upper bound.
    private static let space = 4096

    let document: String?
    let references: [Reference]

    init(_ member: Members) throws {
        document = try member("Policy")
        references = try member("PolicyArns") ?? []
    }

    /// The documents, checked.
    ///
    /// - Throws: `MalformedPolicyDocument`, `PackedPolicyTooLarge`, `ValidationError`
    func documents(in account: String, _ roles: RoleStore) async throws -> [String] {
        guard references.count <= Self.referenceLimit else {
            throw ServiceError.validation("A session can have at most \(Self.referenceLimit) managed policies.")
        }
        var documents: [String] = []
        if let document { documents.append(try Self.checked(document)) }
        for reference in references {
            guard let text = try await roles.managedPolicy(reference.arn, in: account) else {
                throw ServiceError.unknownPolicy(reference.arn)
            }
            documents.append(text)
        }
        if let percent, percent > 100 { throw ServiceError.packedPolicyTooLarge(percent) }
        return documents
    }

    /// `PackedPolicySize`; `nil` without a policy.
    var percent: Int? {
        guard document != nil || !references.isEmpty else { return nil }
        let size = (document?.utf8.count ?? 0) + references.reduce(0) { $0 + $1.arn.utf8.count }
        return max(1, size * 100 / Self.space)
    }

    private static func checked(_ document: String) throws -> String {
        do {
            _ = try Policy.parse(document, as: .identity)
            return document
        } catch let error as PolicyError {
            throw ServiceError.malformedPolicy(error)
        }
    }
}
