import ServiceKit
import TemplateLanguage

/// A policy that roles, users and groups can be given.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html)
struct IAMManagedPolicy: ResourceType {
    let name = "AWS::IAM::ManagedPolicy"

    private static let versionLimit = 5

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        let name = properties.text("ManagedPolicyName") ?? context.generatedName(limit: 128)
        return "arn:aws:iam::\(context.place.account):policy\(properties.text("Path") ?? "/")\(name)"
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let arn = planned ?? ""
        try await context.make("iam", "CreatePolicy", unless: IAMEntity.exists) { json in
            json.member("PolicyName", arn.split(separator: "/").last.map(String.init) ?? "")
            json.members(properties, "Path", "Description")
            json.member("PolicyDocument", properties["PolicyDocument"]?.document)
        }
        for entity in properties.entities(in: context) { try await entity.attach(arn) }
        return try await resource(arn, in: context)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        if old["PolicyDocument"] != new["PolicyDocument"] {
            try await removeVersions(of: id, keeping: Self.versionLimit - 1, in: context)
            try await context.call("iam", "CreatePolicyVersion") { json in
                json.member("PolicyArn", id)
                json.member("PolicyDocument", new["PolicyDocument"]?.document)
                json.member("SetAsDefault", true)
            }
        }
        let kept = Set(new.entities(in: context).map { "\($0.kind) \($0.name)" })
        let known = Set(old.entities(in: context).map { "\($0.kind) \($0.name)" })
        for entity in new.entities(in: context) where !known.contains("\(entity.kind) \(entity.name)") {
            try await entity.attach(id)
        }
        for entity in old.entities(in: context) where !kept.contains("\(entity.kind) \(entity.name)") {
            try await entity.detach(id)
        }
        return try await resource(id, in: context)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        for entity in properties.entities(in: context) { try await entity.detach(id) }
        try await removeVersions(of: id, keeping: 1, in: context)
        try await context.call("iam", "DeletePolicy", ifThere: IAMEntity.missing) { $0.member("PolicyArn", id) }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        let reply = try await context.call("iam", "GetPolicy", ifThere: IAMEntity.missing) {
            $0.member("PolicyArn", id)
        }
        return reply?["Policy"].map(Self.resource)
    }

    /// Removes the oldest versions until so many are left, the one that counts among them.
    private func removeVersions(of arn: String, keeping count: Int, in context: ResourceContext) async throws {
        let reply = try await context.call("iam", "ListPolicyVersions", ifThere: IAMEntity.missing) {
            $0.member("PolicyArn", arn)
        }
        let versions = Array(reply?["Versions"]?.elements ?? .none)
        let others = versions.filter { $0["IsDefaultVersion"]?.bool != true }.compactMap { $0["VersionId"]?.string }
        let oldest = others.sorted { (Int($0.dropFirst()) ?? 0) < (Int($1.dropFirst()) ?? 0) }
        for version in oldest.prefix(max(0, versions.count - count)) {
            try await context.call("iam", "DeletePolicyVersion", ifThere: IAMEntity.missing) { json in
                json.member("PolicyArn", arn)
                json.member("VersionId", version)
            }
        }
    }

    private func resource(_ arn: String, in context: ResourceContext) async throws -> PhysicalResource {
        let reply = try await context.call("iam", "GetPolicy") { $0.member("PolicyArn", arn) }
        return reply["Policy"].map(Self.resource) ?? PhysicalResource(arn)
    }

    private static func resource(_ policy: JSONValue) -> PhysicalResource {
        let arn = policy["Arn"]?.string ?? ""
        var attributes = ["PolicyArn": TemplateValue.string(arn)]
        for name in ["DefaultVersionId", "PolicyId"] {
            attributes[name] = policy[name]?.string.map { .string($0) }
        }
        attributes["AttachmentCount"] = policy["AttachmentCount"]?.numberText.map { .number($0) }
        attributes["IsAttachable"] = policy["IsAttachable"]?.bool.map { .bool($0) }
        attributes["CreateDate"] = policy["CreateDate"].flatMap { .string($0.string ?? $0.numberText ?? "") }
        attributes["UpdateDate"] = policy["UpdateDate"].flatMap { .string($0.string ?? $0.numberText ?? "") }
        return PhysicalResource(arn, attributes: attributes)
    }
}
