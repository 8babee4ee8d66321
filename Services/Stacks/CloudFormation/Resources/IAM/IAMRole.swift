import ServiceKit
import TemplateLanguage

/// A role with its policies.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html)
struct IAMRole: ResourceType {
    let name = "AWS::IAM::Role"

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        properties.text("RoleName") ?? context.generatedName(limit: 64)
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let role = IAMEntity(kind: .role, name: planned ?? context.generatedName(limit: 64), context: context)
        try await role.make { json in
            json.member("AssumeRolePolicyDocument", properties["AssumeRolePolicyDocument"]?.document)
            json.members(properties, "Description", "MaxSessionDuration", "Path", "PermissionsBoundary")
            json.member("Tags", properties.tags.ifAny)
        }
        try await role.changePolicies(from: TemplateMap(), to: properties)
        return try await role.resource()
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let role = IAMEntity(kind: .role, name: id, context: context)
        if old["AssumeRolePolicyDocument"] != new["AssumeRolePolicyDocument"] {
            try await role.change("UpdateAssumeRolePolicy") {
                $0.member("PolicyDocument", new["AssumeRolePolicyDocument"]?.document)
            }
        }
        if ["Description", "MaxSessionDuration"].contains(where: { old[$0] != new[$0] }) {
            try await role.change("UpdateRole") { json in
                json.member("Description", new.text("Description") ?? "")
                json.member("MaxSessionDuration", new.int("MaxSessionDuration") ?? 3600)
            }
        }
        try await role.changeBoundary(from: old, to: new)
        try await role.changePolicies(from: old, to: new)
        try await role.changeTags(from: old, to: new)
        return try await role.resource()
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await IAMEntity(kind: .role, name: id, context: context).delete(properties)
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        try await IAMEntity(kind: .role, name: id, context: context).found()
    }
}
