import ServiceKit
import TemplateLanguage

/// A policy of one role, user or group: `AWS::IAM::RolePolicy` and its like.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-rolepolicy.html)
struct IAMInlinePolicy: ResourceType {
    let kind: IAMEntity.Kind

    var name: String { "AWS::IAM::\(kind.rawValue)Policy" }

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        "\(properties.text("PolicyName") ?? "")|\(properties.text("\(kind.rawValue)Name") ?? "")"
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let id = planned ?? ""
        let (policy, entity) = parts(of: id, in: context)
        guard let document = properties["PolicyDocument"] else {
            throw ServiceError("ValidationError", "#: required key [PolicyDocument] not found")
        }
        try await entity.put(policy: policy, document)
        return PhysicalResource(id)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try await create(new, planned: id, in: context)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        let (policy, entity) = parts(of: id, in: context)
        try await entity.remove(policy: policy)
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        let (policy, entity) = parts(of: id, in: context)
        return try await entity.has(policy: policy) ? PhysicalResource(id) : nil
    }

    private func parts(of id: String, in context: ResourceContext) -> (policy: String, entity: IAMEntity) {
        let parts = id.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        return (parts[0], IAMEntity(kind: kind, name: parts.count > 1 ? parts[1] : "", context: context))
    }
}
