import AWSModel
import ServiceKit
import Synchronization
import TemplateLanguage

/// What AWS publishes about a type of resource: its properties, which of them need a replacement, its attributes.
///
/// [Resource type schema](https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html)
struct ResourceSchema: Sendable {
    /// Whether the type is known to AWS and its resources can be made here.
    let typeName: String
    let root: SchemaNode
    let definitions: [String: SchemaNode]
    /// Paths of properties: `["DnsOptions", "PrivateDnsPreference"]`.
    let createOnly, conditionallyCreateOnly, readOnly: [[String]]
    /// What `Fn::GetAtt` knows; `.*` and `Outputs..*` stand for many.
    let attributes: Set<String>
    /// Where tags are, for types that have them.
    let tagProperty: String?

    private static let loaded = Mutex<[String: ResourceSchema]>([:])
    private static let sizeLimit = 1 << 20

    /// - Returns: `nil` for a type without a schema.
    static func named(_ type: String) -> ResourceSchema? {
        if let schema = loaded.withLock({ $0[type] }) { return schema }
        let file = type.split(separator: ":").joined(separator: "-")
        guard !file.contains("/"), let folder = ResourceLocator.current().resourceSchemas,
            let bytes = try? FileBytes.read("\(folder)/\(file).json", limit: sizeLimit),
            let document = try? JSONDocument(bytes), let schema = ResourceSchema(document.root),
            schema.typeName == type
        else { return nil }
        loaded.withLock { $0[type] = schema }
        return schema
    }

    private init?(_ json: JSONValue) {
        guard let name = json["typeName"]?.string else { return nil }
        typeName = name
        root = SchemaNode(json)
        definitions = Dictionary(
            json["definitions"]?.members.map { ($0.name, SchemaNode($0.value)) } ?? [], uniquingKeysWith: { $1 })
        createOnly = Self.paths(json["createOnlyProperties"])
        conditionallyCreateOnly = Self.paths(json["conditionalCreateOnlyProperties"])
        readOnly = Self.paths(json["readOnlyProperties"])
        attributes = Set(json["attributes"]?.elements.compactMap(\.string) ?? [])
        let tagging = json["tagging"]?["tagProperty"]?.string.flatMap { $0.split(separator: "/").last.map(String.init) }
        tagProperty = tagging ?? (root.properties.contains { $0.name == "Tags" } ? "Tags" : nil)
    }

    private static func paths(_ json: JSONValue?) -> [[String]] {
        json?.elements.compactMap(\.string).map { $0.split(separator: "/").dropFirst().map(String.init) } ?? []
    }

    /// Whether `Fn::GetAtt` knows the name.
    func hasAttribute(_ name: String) -> Bool {
        attributes.contains(name) || attributes.contains(".*")
            || name.hasPrefix("Outputs.") && attributes.contains("Outputs..*")
    }

    /// Checks evaluated properties: unknown ones, missing ones, kinds, enumerations, patterns, lengths. What is
    /// `unknown` passes.
    ///
    /// - Throws: `ServiceError` in CloudFormation's words: `Properties validation failed for resource …`.
    func check(_ properties: TemplateMap, of logicalID: String) throws(ServiceError) {
        var check = SchemaCheck(schema: self)
        check.check(.map(properties), root, at: "#")
        for path in readOnly {
            guard path.count == 1, properties[path[0]] != nil else { continue }
            check.violations.append("#: extraneous key [\(path[0])] is not permitted")
        }
        guard !check.violations.isEmpty else { return }
        throw ServiceError(
            "ValidationError",
            "Properties validation failed for resource \(logicalID) with message:\n"
                + check.violations.joined(separator: "\n"))
    }

    func resolved(_ node: SchemaNode) -> SchemaNode {
        var node = node
        // References to references do not go on for long.
        for _ in 0..<8 {
            guard let name = node.reference, let target = definitions[name] else { break }
            node = target
        }
        return node
    }
}
