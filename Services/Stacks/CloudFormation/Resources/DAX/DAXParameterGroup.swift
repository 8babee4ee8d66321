import ServiceKit
import TemplateLanguage

/// A named set of parameters.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dax-parametergroup.html)
struct DAXParameterGroup: ResourceType {
    let name = "AWS::DAX::ParameterGroup"

    private static let missing = "ParameterGroupNotFoundFault"
    /// What a parameter is that the template names no more.
    private static let defaultValue = "300000"

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        properties.text("ParameterGroupName") ?? context.daxName(limit: 255)
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let id = planned ?? context.daxName(limit: 255)
        try await context.make("dax", "CreateParameterGroup", unless: "ParameterGroupAlreadyExistsFault") { json in
            json.member("ParameterGroupName", id)
            json.members(properties, "Description")
        }
        try await set(Self.parameters(of: properties), of: id, in: context)
        return PhysicalResource(id)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let before = Self.parameters(of: old)
        var changed = Self.parameters(of: new)
        for name in before.keys where changed[name] == nil { changed[name] = Self.defaultValue }
        try await set(changed, of: id, in: context)
        return PhysicalResource(id)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await context.call("dax", "DeleteParameterGroup", ifThere: Self.missing) {
            $0.member("ParameterGroupName", id)
        }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        try await context.call("dax", "DescribeParameterGroups", ifThere: Self.missing) {
            $0.member("ParameterGroupNames", [id])
        }.map { _ in PhysicalResource(id) }
    }

    private func set(_ parameters: [String: String], of id: String, in context: ResourceContext) async throws {
        guard !parameters.isEmpty else { return }
        try await context.call("dax", "UpdateParameterGroup") { json in
            json.member("ParameterGroupName", id)
            json.member("ParameterNameValues") { json in
                json.array { json in
                    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
                        json.object { json in
                            json.member("ParameterName", name)
                            json.member("ParameterValue", value)
                        }
                    }
                }
            }
        }
    }

    /// `ParameterNameValues`: an object of names and values, or its text.
    private static func parameters(of properties: TemplateMap) -> [String: String] {
        switch properties["ParameterNameValues"] {
        case .map(let map):
            return Dictionary(uniqueKeysWithValues: map.entries.map { ($0.name, $0.value.text ?? "") })
        case .string(let text):
            guard let members = try? JSONDocument(Array(text.utf8)).root.members else { return [:] }
            return Dictionary(
                members.map { ($0.name, $0.value.string ?? $0.value.numberText ?? "") }, uniquingKeysWith: { $1 })
        default: return [:]
        }
    }
}
