import ServiceKit
import TemplateLanguage

/// One policy document, put into roles, users and groups.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html)
struct IAMPolicy: ResourceType {
    let name = "AWS::IAM::Policy"

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        context.generatedName(limit: 128)
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try await Self.put(properties, in: context)
        return Self.resource(planned ?? context.generatedName(limit: 128))
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try await Self.put(new, in: context)
        let kept = Set(new.entities(in: context).map { "\($0.kind) \($0.name)" })
        let isRenamed = old["PolicyName"] != new["PolicyName"]
        for entity in old.entities(in: context) where isRenamed || !kept.contains("\(entity.kind) \(entity.name)") {
            try await entity.remove(policy: old.text("PolicyName") ?? "")
        }
        return Self.resource(id)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        for entity in properties.entities(in: context) {
            try await entity.remove(policy: properties.text("PolicyName") ?? "")
        }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        for entity in properties.entities(in: context) {
            if try await entity.has(policy: properties.text("PolicyName") ?? "") { return Self.resource(id) }
        }
        return nil
    }

    private static func put(_ properties: TemplateMap, in context: ResourceContext) async throws {
        let entities = properties.entities(in: context)
        guard !entities.isEmpty else {
            throw ServiceError("ValidationError", "At least one of [Groups,Roles,Users] must be non-empty.")
        }
        for entity in entities {
            try await entity.put(
                policy: properties.text("PolicyName") ?? "", properties["PolicyDocument"] ?? .null)
        }
    }

    private static func resource(_ id: String) -> PhysicalResource {
        PhysicalResource(id, attributes: ["Id": .string(id)])
    }
}

extension TemplateMap {
    /// Those that `Groups`, `Roles` and `Users` name.
    func entities(in context: ResourceContext) -> [IAMEntity] {
        [IAMEntity.Kind.group, .role, .user].flatMap { kind in
            texts(kind.list).map { IAMEntity(kind: kind, name: $0, context: context) }
        }
    }
}
