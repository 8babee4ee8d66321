import AccessPolicy
import ServiceKit

/// Attaches a policy to a table or a stream, in place of any other.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html)
struct PutResourcePolicy: AWSOperation {
    struct Input: InputShape {
        let resource: PolicyResource
        let policy: String
        let expectedRevisionId: String?
        let confirmRemoveSelfResourceAccess: Bool?

        init(_ member: Members) throws {
            resource = try member("ResourceArn")
            policy = try member("Policy")
            expectedRevisionId = try member("ExpectedRevisionId")
            confirmRemoveSelfResourceAccess = try member("ConfirmRemoveSelfResourceAccess")
        }
    }

    struct Output: OutputShape {
        let revisionId: String

        func write(to json: inout JSONWriter) { json.member("RevisionId", revisionId) }
    }

    /// Bytes.
    private static let limit = 20 * 1024

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [input.resource.permission(tables, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard input.policy.utf8.count <= Self.limit else {
            throw ServiceError.validation("Resource-based policy exceeds the maximum size of 20 KB")
        }
        let policy: ResourcePolicy
        do {
            policy = try ResourcePolicy(input.policy, revision: String(call.now.milliseconds))
        } catch let error as PolicyError {
            throw ServiceError.validation("Invalid policy document: \(error.message)")
        }
        let resource = input.resource
        let changed = try await tables.change(resource.find(in: tables, call)) { table, _ in
            try resource.check(input.expectedRevisionId, table)
            // The same document again is no new revision.
            let old = resource.policy(of: table)
            guard old?.text != policy.text else { return }
            resource.set(policy.following(old), of: &table)
        }
        return Output(revisionId: resource.policy(of: changed)?.revision ?? policy.revision)
    }
}
