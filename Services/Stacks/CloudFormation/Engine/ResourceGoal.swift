import TemplateLanguage

/// What a resource is to be.
struct ResourceGoal: Sendable {
    let logicalID: String
    let type: String
    let properties: TemplateMap
    let dependencies: [String]
    let deletionPolicy: String?
    let replacePolicy: String?

    init(_ resource: TemplateResource, _ properties: TemplateMap) {
        (logicalID, type, self.properties) = (resource.logicalID, resource.type, properties)
        dependencies = resource.dependencies.sorted()
        (deletionPolicy, replacePolicy) = (resource.deletionPolicy, resource.updateReplacePolicy)
    }

    /// Back to what it was.
    init(_ logicalID: String, _ state: StackResource.State) {
        (self.logicalID, type, properties) = (logicalID, state.type, state.properties)
        (dependencies, deletionPolicy) = (state.dependencies, state.deletionPolicy)
        replacePolicy = state.replacePolicy
    }

    /// Whether it differs from what there is, and whether that takes another resource.
    func change(from state: StackResource.State) -> (names: [String], isReplacement: Bool) {
        guard let schema = ResourceSchema.named(type) else {
            return (state.properties == properties ? [] : properties.names, false)
        }
        let names = schema.differences(from: state.properties, to: properties)
        let isReplacement = names.contains {
            schema.replacement(for: $0, from: state.properties, to: properties) == .always
        }
        return (names, isReplacement)
    }

    func state(of physical: PhysicalResource) -> StackResource.State {
        StackResource.State(
            type: type, physical: physical, properties: properties, dependencies: dependencies,
            deletionPolicy: deletionPolicy, replacePolicy: replacePolicy)
    }
}
