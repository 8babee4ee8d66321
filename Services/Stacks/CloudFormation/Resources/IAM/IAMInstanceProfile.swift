import ServiceKit
import TemplateLanguage

/// What hands a role to a machine.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-instanceprofile.html)
struct IAMInstanceProfile: ResourceType {
    let name = "AWS::IAM::InstanceProfile"

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        properties.text("InstanceProfileName") ?? context.generatedName(limit: 128)
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let id = planned ?? context.generatedName(limit: 128)
        try await context.make("iam", "CreateInstanceProfile", unless: IAMEntity.exists) { json in
            json.member("InstanceProfileName", id)
            json.members(properties, "Path")
        }
        return try await setRoles(of: id, properties, in: context)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try await setRoles(of: id, new, in: context)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        guard let profile = try await describe(id, in: context) else { return }
        for role in Self.roles(of: profile) { try await change("RemoveRoleFrom", role, id, in: context) }
        try await context.call("iam", "DeleteInstanceProfile", ifThere: IAMEntity.missing) {
            $0.member("InstanceProfileName", id)
        }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        try await describe(id, in: context).map { profile in
            PhysicalResource(id, attributes: ["Arn": .string(profile["Arn"]?.string ?? "")])
        }
    }

    private func describe(_ id: String, in context: ResourceContext) async throws -> JSONValue? {
        try await context.call("iam", "GetInstanceProfile", ifThere: IAMEntity.missing) {
            $0.member("InstanceProfileName", id)
        }?["InstanceProfile"]
    }

    /// A profile has one role: the old one goes first.
    private func setRoles(
        of id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let profile = try await context.call("iam", "GetInstanceProfile") { $0.member("InstanceProfileName", id) }
        let present = profile["InstanceProfile"].map(Self.roles) ?? []
        let wanted = properties.texts("Roles")
        for role in present where !wanted.contains(role) { try await change("RemoveRoleFrom", role, id, in: context) }
        for role in wanted where !present.contains(role) { try await change("AddRoleTo", role, id, in: context) }
        let arn = profile["InstanceProfile"]?["Arn"]?.string ?? ""
        return PhysicalResource(id, attributes: ["Arn": .string(arn)])
    }

    private func change(_ verb: String, _ role: String, _ id: String, in context: ResourceContext) async throws {
        try await context.call("iam", "\(verb)InstanceProfile") { json in
            json.member("InstanceProfileName", id)
            json.member("RoleName", role)
        }
    }

    private static func roles(of profile: JSONValue) -> [String] {
        profile["Roles"]?.elements.compactMap { $0["RoleName"]?.string } ?? []
    }
}
