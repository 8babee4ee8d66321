import AccessPolicy
import ServiceKit

/// The policy attached to a table or a stream.
struct ResourcePolicy: Sendable, Hashable {
    /// As it was sent, which is how it is answered.
    let text: String
    /// The time it was put, in milliseconds, as AWS's are: a later one compares as greater.
    private(set) var revision: String
    /// Ready to be evaluated.
    let policy: Policy

    /// - Throws: `PolicyError`
    init(_ text: String, revision: String) throws {
        self.text = text
        self.revision = revision
        policy = try Policy.parse(text, as: .resource, name: "ResourcePolicy")
    }

    /// The policy with a revision that is later than that of the one it takes the place of.
    func following(_ old: ResourcePolicy?) -> ResourcePolicy {
        guard let last = (old?.revision).flatMap(Int64.init), let own = Int64(revision), own <= last else {
            return self
        }
        var policy = self
        policy.revision = String(last + 1)
        return policy
    }

    static func == (left: ResourcePolicy, right: ResourcePolicy) -> Bool {
        left.text == right.text && left.revision == right.revision
    }

    func hash(into hasher: inout Hasher) { hasher.combine(revision) }
}

extension ResourcePolicy: InputShape, OutputShape {
    init(_ member: Members) throws { try self.init(member("text"), revision: member("revision")) }

    func write(to json: inout JSONWriter) {
        json.member("text", text)
        json.member("revision", revision)
    }
}

/// What the operations on policies name: the ARN of a table or of a stream.
struct PolicyResource: MemberValue, Sendable {
    let arn: String
    private let table: TableReference
    /// The revision expected where there is to be no policy yet.
    private static let noPolicy = "NO_POLICY"
    /// The stream's label; `nil` for the table itself.
    private let label: String?

    init(json value: JSONValue) throws {
        arn = try String(json: value)
        table = TableReference(arn)
        label = StreamReference(arn)?.label
    }

    func permission(_ tables: TableStore, in call: Call) -> Permission {
        Permission(
            on: arn, owner: table.arn?.account,
            resourcePolicy: tables.catalog.table(table.identity(in: call)).flatMap(policy)?.policy)
    }

    /// - Throws: for what is no such ARN, and for a table or stream that is not there.
    func find(in tables: TableStore, _ call: Call) throws(ServiceError) -> TableDefinition {
        guard let parsed = table.arn, label != nil || parsed.resource == "table/\(table.name)" else {
            throw .validation("Invalid ResourceArn: Invalid ResourceArn provided as input \(arn)")
        }
        guard let found = tables.catalog.table(table.identity(in: call)), label == nil || found.stream?.label == label
        else {
            guard label == nil else { throw .streamNotFound(arn) }
            throw .tableNotFound(table.name)
        }
        return found
    }

    func policy(of found: TableDefinition) -> ResourcePolicy? {
        label == nil ? found.policy : found.stream?.policy
    }

    /// Attaches a policy in place of any other, or with `nil` takes it off.
    func set(_ policy: ResourcePolicy?, of found: inout TableDefinition) {
        if label == nil { found.policy = policy } else { found.stream?.policy = policy }
    }

    /// - Throws: where the caller saw another revision than the one there is.
    func check(_ expected: String?, _ found: TableDefinition) throws(ServiceError) {
        guard let expected else { return }
        let revision = policy(of: found)?.revision
        guard expected != revision ?? Self.noPolicy else { return }
        let target = "table \(found.name)"
        switch revision {
        case nil:
            throw .policyNotFound(
                "Requested update for policy with revision id \(expected), but no policy is associated to target "
                    + "\(target).")
        case let revision? where expected == Self.noPolicy:
            throw .policyNotFound(
                "Requested policy update expecting none to be present for \(target), but a policy exists with "
                    + "revision id \(revision).")
        case let revision?:
            throw .policyNotFound(
                "Requested update for policy with revision id \(expected), but the policy associated to target "
                    + "\(target) has revision id \(revision).")
        }
    }
}

extension ServiceError {
    static func policyNotFound(_ detail: String) -> ServiceError {
        ServiceError(
            "PolicyNotFoundException", "Resource-based policy not found for the provided ResourceArn: \(detail)")
    }
}
