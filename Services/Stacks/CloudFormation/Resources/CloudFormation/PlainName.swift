import ServiceKit
import TemplateLanguage

/// What stands in templates and makes nothing: `AWS::CDK::Metadata` and its like.
struct PlainName: ResourceType {
    let name: String

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? { nil }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        Self.resource(context.generatedName(limit: 128))
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        Self.resource(id)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {}

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        Self.resource(id)
    }

    private static func resource(_ id: String) -> PhysicalResource {
        PhysicalResource(id, attributes: ["Id": .string(id)])
    }
}
