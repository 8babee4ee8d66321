import Bytes
import ServiceKit

/// The permission an item operation needs, with the condition keys that policies for fine-grained access look at.
///
/// [Condition keys](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html)
struct ItemAccess {
    let table: TableReference
    var index: String?
    /// `dynamodb:LeadingKeys`: the partition keys touched.
    var leadingKeys: [AttributeValue] = []
    /// `dynamodb:Attributes`: the attributes named.
    var attributes: Set<Text> = []
    var select: String?
    var returnValues: String?
    var returnConsumedCapacity: String?

    init(_ table: TableReference) { self.table = table }

    func permission(_ tables: TableStore, _ action: String? = nil, in call: Call) -> Permission {
        let shared = tables.catalog.shared(table.identity(in: call))
        let policy = shared?.definition.policy?.policy
        // Most requests of a developer are root's, whom only a table's own policy binds.
        let context = call.caller.kind == .root && policy == nil ? [:] : context
        if let shared, index == nil, table.arn == nil {
            return Permission(
                action, on: shared.arn, owner: shared.definition.account, resourcePolicy: policy, context: context)
        }
        var arn = table.arn(in: call)
        if let index { arn.resource += "/index/\(index)" }
        return Permission(action, on: arn, resourcePolicy: policy, context: context)
    }

    private var context: [String: [String]] {
        var context: [String: [String]] = [:]
        if !leadingKeys.isEmpty { context["dynamodb:LeadingKeys"] = leadingKeys.map(\.policyText) }
        if !attributes.isEmpty { context["dynamodb:Attributes"] = attributes.map(\.string).sorted() }
        if let select { context["dynamodb:Select"] = [select] }
        if let returnValues { context["dynamodb:ReturnValues"] = [returnValues] }
        if let returnConsumedCapacity { context["dynamodb:ReturnConsumedCapacity"] = [returnConsumedCapacity] }
        return context
    }
}

extension TableStore {
    /// What an operation on a table as a whole needs.
    func permission(on table: TableReference, in call: Call) -> Permission {
        Permission(
            on: table.arn(in: call), resourcePolicy: catalog.shared(table.identity(in: call))?.definition.policy?.policy
        )
    }

    /// Whether a policy can look at what a request names: only a table's own binds root, whose most requests are.
    func isBound(_ call: Call, on table: TableReference) -> Bool {
        call.caller.kind != .root || catalog.shared(table.identity(in: call))?.definition.policy != nil
    }

    /// The partition key inside a key or item, for policies; empty where table or attribute are unknown.
    func leadingKeys(_ items: [AttributeMap], of table: TableReference, in call: Call) -> [AttributeValue] {
        guard let schema = catalog.shared(table.identity(in: call))?.definition.schema else { return [] }
        return items.compactMap { $0[schema.partition.name] }
    }
}

extension AttributeValue {
    fileprivate var policyText: String {
        switch self {
        case .string(let text): text.string
        case .number(let number): number.text
        case .binary(let bytes): Base64.string(bytes)
        default: ""
        }
    }
}
