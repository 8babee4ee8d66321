import ServiceKit
import TemplateLanguage

/// A group of users with its policies.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html)
struct IAMGroup: ResourceType {
    let name = "AWS::IAM::Group"

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        properties.text("GroupName") ?? context.generatedName(limit: 128)
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let group = IAMEntity(kind: .group, name: planned ?? context.generatedName(limit: 128), context: context)
        try await group.make { $0.members(properties, "Path") }
        try await group.changePolicies(from: TemplateMap(), to: properties)
        return try await group.resource()
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let group = IAMEntity(kind: .group, name: id, context: context)
        if old["Path"] != new["Path"] {
            try await group.change("UpdateGroup") { $0.member("NewPath", new.text("Path") ?? "/") }
        }
        try await group.changePolicies(from: old, to: new)
        return try await group.resource()
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await IAMEntity(kind: .group, name: id, context: context).delete(properties)
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        try await IAMEntity(kind: .group, name: id, context: context).found()
    }
}
