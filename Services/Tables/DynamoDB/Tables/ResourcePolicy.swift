import AccessPolicy
import ServiceKit

/// The policy attached to a table or a stream.
struct ResourcePolicy: Sendable, Hashable {
    /// As it was sent, which is how it is answered.
    let text: String
    let revision: String
    /// Ready to be evaluated.
    let policy: Policy

    /// - Throws: `PolicyError`
    init(_ text: String, revision: String) throws {
        self.text = text
        self.revision = revision
        policy = try Policy.parse(text, as: .resource, name: "ResourcePolicy")
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
            throw ServiceError(
                "ResourceNotFoundException", "Requested resource not found: ResourceArn: \(arn) not found")
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
        guard expected == policy(of: found)?.revision ?? "NO_POLICY" else {
            throw ServiceError(
                "PolicyNotFoundException",
                "Resource-based policy not found for the provided ResourceArn with the expected revision id.")
        }
    }
}

extension ServiceError {
    static func policyNotFound(_ arn: String) -> ServiceError {
        ServiceError(
            "PolicyNotFoundException", "Resource-based policy not found for the provided ResourceArn: \(arn)")
    }
}
