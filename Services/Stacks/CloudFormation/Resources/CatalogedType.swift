import ServiceKit
import TemplateLanguage

/// A type as the engine sees it: its code is given values of the schema's kinds, and never a property it cannot carry
/// out.
struct CatalogedType: ResourceType {
    let type: any ResourceType

    var name: String { type.name }
    var properties: Set<String>? { type.properties }
    private var schema: ResourceSchema? { ResourceSchema.named(name) }

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        type.plannedID(for: coerced(properties), in: context)
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try refuseUnsupported(properties)
        let properties = coerced(properties)
        return completed(try await type.create(properties, planned: planned, in: context), properties)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try refuseUnsupported(new)
        let new = coerced(new)
        return completed(try await type.update(id, from: coerced(old), to: new, in: context), new)
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await type.delete(id, coerced(properties), in: context)
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        let properties = coerced(properties)
        return try await type.read(id, properties, in: context).map { completed($0, properties) }
    }

    private func coerced(_ properties: TemplateMap) -> TemplateMap { schema?.coerced(properties) ?? properties }

    /// - Throws: `ServiceError` in the words CloudFormation has for properties it does not know.
    private func refuseUnsupported(_ properties: TemplateMap) throws(ServiceError) {
        guard let supported = type.properties else { return }
        for name in properties.names where !supported.contains(name) {
            throw ServiceError("ValidationError", "Encountered unsupported property \(name)")
        }
    }

    /// Some types let `Fn::GetAtt` have what the template says itself.
    private func completed(_ resource: PhysicalResource, _ properties: TemplateMap) -> PhysicalResource {
        var resource = resource
        for name in schema?.attributes ?? [] where resource.attributes[name] == nil {
            var value: TemplateValue? = .map(properties)
            for part in name.split(separator: ".") { value = value?.map?[String(part)] }
            resource.attributes[name] = value
        }
        return resource
    }
}
