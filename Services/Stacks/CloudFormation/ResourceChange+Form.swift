import ServiceKit

/// The form a change has in the storage and in answers: AWS's `ResourceChange`.
extension ResourceChange: InputShape, OutputShape {
    init(_ member: Members) throws {
        self.init(
            Action(rawValue: try member("Action")) ?? .modify, try member("LogicalResourceId"),
            try member("ResourceType"))
        physicalID = try member("PhysicalResourceId")
        policyAction = try member("PolicyAction")
        let replacement: String? = try member("Replacement")
        self.replacement = Self.replacements.first { $0.value == replacement }?.key ?? .never
        details = try member("Details") ?? []
        before = try member("BeforeContext")
        after = try member("AfterContext")
    }

    func write(to json: inout JSONWriter) { write(to: &json, withValues: true) }

    func write(to json: inout JSONWriter, withValues: Bool) {
        json.member("Action", action.rawValue)
        json.member("LogicalResourceId", logicalID)
        json.member("PhysicalResourceId", physicalID)
        json.member("ResourceType", type)
        json.member("PolicyAction", policyAction)
        json.member("Replacement", action == .modify ? Self.replacements[replacement] : nil)
        json.member("Scope", scope)
        json.member("Details") { json in
            json.array { json in
                for detail in details { json.object { detail.write(to: &$0, withValues: withValues) } }
            }
        }
        guard withValues else { return }
        json.member("BeforeContext", before)
        json.member("AfterContext", after)
    }

    private static let replacements: [Replacement: String] = [
        .always: "True", .conditionally: "Conditional", .never: "False",
    ]
}

extension ResourceChange.Detail: InputShape {
    init(_ member: Members) throws {
        self.init(
            try member("Target"),
            source: ResourceChange.Source(rawValue: try member("ChangeSource")) ?? .directModification,
            cause: try member("CausingEntity"), isStatic: (try member("Evaluation") as String) == "Static")
    }

    func write(to json: inout JSONWriter, withValues: Bool) {
        json.member("Target") { json in json.object { target.write(to: &$0, withValues: withValues) } }
        json.member("Evaluation", isStatic ? "Static" : "Dynamic")
        json.member("ChangeSource", source.rawValue)
        json.member("CausingEntity", cause)
    }
}

extension ResourceChange.Target: InputShape {
    init(_ member: Members) throws {
        self.init(
            attribute: Attribute(rawValue: try member("Attribute")) ?? .properties, name: try member("Name"),
            recreation: Replacement(rawValue: try member("RequiresRecreation")) ?? .never, path: try member("Path"),
            before: try member("BeforeValue"), after: try member("AfterValue"))
    }

    func write(to json: inout JSONWriter, withValues: Bool) {
        json.member("Attribute", attribute.rawValue)
        json.member("Name", name)
        json.member("RequiresRecreation", recreation.rawValue)
        guard withValues else { return }
        json.member("Path", path)
        json.member("BeforeValue", before)
        json.member("AfterValue", after)
        json.member("AttributeChangeType", changeType)
    }
}

/// A change as `DescribeChangeSet` tells it.
struct ShownChange: OutputShape {
    let change: ResourceChange
    let includesValues: Bool

    func write(to json: inout JSONWriter) {
        json.member("Type", "Resource")
        json.member("ResourceChange") { json in
            json.object { change.write(to: &$0, withValues: includesValues) }
        }
    }
}
