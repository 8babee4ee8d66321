/// The resources of a template whose conditions hold, with what they depend on once these are decided.
struct PresentResources {
    private let template: Template
    private let scope: FunctionScope
    private let present: [TemplateResource]

    init(_ template: Template, _ scope: FunctionScope) {
        (self.template, self.scope) = (template, scope)
        present = template.resources.filter { $0.condition.map { scope.conditions[$0] ?? false } ?? true }
    }

    mutating func resources() throws(TemplateError) -> [TemplateResource] {
        let names = Set(present.map(\.logicalID))
        let all = Set(template.resources.map(\.logicalID))
        var resources: [TemplateResource] = []
        for var resource in present {
            let found = References(in: resource.evaluated.map(\.value), decided: scope.conditions).resources
            let absent = found.intersection(all).subtracting(names)
            guard absent.isEmpty else { throw .unresolved(absent.sorted(), in: "Resources") }
            // To wait for a resource that is not made is to wait for nothing.
            resource.dependencies = found.union(resource.explicitDependencies).intersection(names)
            try decidePolicies(of: &resource)
            resources.append(resource)
        }
        let dependencies = Dictionary(uniqueKeysWithValues: resources.map { ($0.logicalID, $0.dependencies) })
        try DependencyOrder.check(resources.map(\.logicalID), dependencies)
        return resources
    }

    private func decidePolicies(of resource: inout TemplateResource) throws(TemplateError) {
        for entry in resource.policyFunctions.entries {
            guard entry.name == "DeletionPolicy" || entry.name == "UpdateReplacePolicy" else { continue }
            var functions = FunctionEvaluator(scope, NoSurroundings())
            let value = try functions.evaluate(entry.value)
            let policy = try value.map { (value) throws(TemplateError) in
                try TemplateReader.policy(entry.name, value, of: resource.logicalID, resource.type)
            }
            if entry.name == "DeletionPolicy" {
                resource.deletionPolicy = policy
            } else {
                resource.updateReplacePolicy = policy
            }
        }
    }
}
