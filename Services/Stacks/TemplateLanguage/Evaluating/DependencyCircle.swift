/// Finds resources that wait for each other.
enum DependencyCircle {
    /// - Parameter dependencies: of each resource, by its name.
    /// - Returns: those in circles, in the order given; none where there is an order to make them in.
    static func find(_ names: [String], _ dependencies: [String: Set<String>]) -> [String] {
        var inverse: [String: Set<String>] = [:]
        for (name, needed) in dependencies {
            for other in needed { inverse[other, default: []].insert(name) }
        }
        // Those that wait for a circle, and those a circle waits for, are no part of it.
        let waiting = rest(of: Set(names), dependencies, dependents: inverse)
        return names.filter(rest(of: waiting, inverse, dependents: dependencies).contains)
    }

    static func check(_ names: [String], _ dependencies: [String: Set<String>]) throws(TemplateError) {
        let circle = find(names, dependencies)
        guard circle.isEmpty else {
            throw TemplateError("Circular dependency between resources: [\(circle.joined(separator: ", "))]")
        }
    }

    /// What is left once all that needs nothing was taken away, and what then needs nothing, and so on.
    private static func rest(
        of names: Set<String>, _ dependencies: [String: Set<String>], dependents: [String: Set<String>]
    ) -> Set<String> {
        var left = names
        var counts = Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, dependencies[name]?.count(where: names.contains) ?? 0)
            })
        var ready = names.filter { counts[$0] == 0 }
        while let name = ready.popFirst() {
            left.remove(name)
            for dependent in dependents[name] ?? [] where left.contains(dependent) {
                counts[dependent, default: 0] -= 1
                if counts[dependent] == 0 { ready.insert(dependent) }
            }
        }
        return left
    }
}
