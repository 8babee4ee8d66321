/// An order in which each comes after those it needs.
struct DependencyOrder {
    /// All that are in no circle and wait for none.
    private(set) var names: [String] = []
    /// Those in circles, in the order given; none where there is an order for all.
    let circle: [String]

    /// - Parameter needed: what each needs, by its name; what is not among the names counts for nothing.
    init(_ all: [String], _ needed: [String: Set<String>]) {
        var inverse: [String: Set<String>] = [:]
        for (name, others) in needed {
            for other in others { inverse[other, default: []].insert(name) }
        }
        names = Self.taken(from: all, needed, dependents: inverse)
        guard names.count < all.count else {
            circle = []
            return
        }
        // Those that wait for a circle, and those a circle waits for, are no part of it.
        let waiting = Set(all).subtracting(names)
        let rest = all.filter(waiting.contains)
        circle = rest.filter(Set(rest).subtracting(Self.taken(from: rest, inverse, dependents: needed)).contains)
    }

    /// - Throws: `TemplateError` that names the resources that wait for each other.
    static func check(_ resources: [String], _ needed: [String: Set<String>]) throws(TemplateError) {
        let circle = DependencyOrder(resources, needed).circle
        guard circle.isEmpty else {
            throw TemplateError("Circular dependency between resources: [\(circle.joined(separator: ", "))]")
        }
    }

    /// What needs nothing, then what needs nothing but that, and so on.
    private static func taken(
        from names: [String], _ needed: [String: Set<String>], dependents: [String: Set<String>]
    ) -> [String] {
        let all = Set(names)
        var counts: [String: Int] = [:]
        for name in names { counts[name] = needed[name]?.count(where: all.contains) ?? 0 }
        var taken = names.filter { counts[$0] == 0 }
        var next = 0
        while next < taken.count {
            for dependent in dependents[taken[next]] ?? [] where all.contains(dependent) {
                counts[dependent, default: 0] -= 1
                if counts[dependent] == 0 { taken.append(dependent) }
            }
            next += 1
        }
        return taken
    }
}
