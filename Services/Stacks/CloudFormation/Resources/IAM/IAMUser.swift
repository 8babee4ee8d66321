import ServiceKit
import TemplateLanguage

/// A user with its policies and groups.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html)
struct IAMUser: ResourceType {
    let name = "AWS::IAM::User"
    let properties: Set<String>? = [
        "Groups", "ManagedPolicyArns", "Path", "PermissionsBoundary", "Policies", "Tags", "UserName",
    ]

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        properties.text("UserName") ?? context.generatedName(limit: 64)
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let user = IAMEntity(kind: .user, name: planned ?? context.generatedName(limit: 64), context: context)
        try await user.make { json in
            json.members(properties, "Path", "PermissionsBoundary")
            json.member("Tags", properties.tags.ifAny)
        }
        try await user.changePolicies(from: TemplateMap(), to: properties)
        try await Self.changeGroups(of: user, from: [], to: properties.texts("Groups"))
        return try await user.resource()
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let user = IAMEntity(kind: .user, name: id, context: context)
        if old["Path"] != new["Path"] {
            try await user.change("UpdateUser") { $0.member("NewPath", new.text("Path") ?? "/") }
        }
        try await user.changeBoundary(from: old, to: new)
        try await user.changePolicies(from: old, to: new)
        try await Self.changeGroups(of: user, from: old.texts("Groups"), to: new.texts("Groups"))
        try await user.changeTags(from: old, to: new)
        return try await user.resource()
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        let user = IAMEntity(kind: .user, name: id, context: context)
        try await Self.changeGroups(of: user, from: properties.texts("Groups"), to: [])
        try await user.delete(properties)
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        try await IAMEntity(kind: .user, name: id, context: context).found()
    }

    private static func changeGroups(of user: IAMEntity, from old: [String], to new: [String]) async throws {
        for group in old where !new.contains(group) {
            try await user.context.call("iam", "RemoveUserFromGroup", ifThere: IAMEntity.missing) { json in
                json.member("GroupName", group)
                json.member("UserName", user.name)
            }
        }
        for group in new where !old.contains(group) {
            try await user.change("AddUserToGroup") { $0.member("GroupName", group) }
        }
    }
}
