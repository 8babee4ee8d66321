import ServiceKit

/// Which parts of items are answered.
struct Projection: Sendable, Equatable {
    let paths: [DocumentPath]
    /// The attributes asked for, where all are top-level ones: then stored items need no reading into values.
    let topLevelNames: [Text]?
    private let tree: Node

    private struct Node: Sendable, Equatable {
        var isWanted = false
        var names: [Text: Node] = [:]
        var indices: [Int: Node] = [:]
    }

    /// For paths that do not overlap.
    init(_ paths: [DocumentPath]) {
        self.paths = paths
        topLevelNames = paths.allSatisfy(\.isTopLevel) ? paths.map(\.root) : nil
        var tree = Node()
        for path in paths { Self.insert(path.allSteps[...], into: &tree) }
        self.tree = tree
    }

    init(names: [Text]) { self.init(names.map { DocumentPath(root: $0) }) }

    static func bind(
        _ syntax: [PathSyntax], _ placeholders: inout Placeholders
    ) throws(ServiceError) -> Projection {
        var paths: [DocumentPath] = []
        for path in syntax { paths.append(try placeholders.path(path, in: .projection)) }
        try PathConflict.check(paths, in: .projection)
        return Projection(paths)
    }

    func apply(to item: AttributeMap) -> AttributeMap { Self.project(item, tree) }

    private static func insert(_ steps: ArraySlice<DocumentPath.Step>, into node: inout Node) {
        guard let step = steps.first else {
            node.isWanted = true
            return
        }
        switch step {
        case .attribute(let name): insert(steps.dropFirst(), into: &node.names[name, default: Node()])
        case .index(let index): insert(steps.dropFirst(), into: &node.indices[index, default: Node()])
        }
    }

    private static func project(_ map: AttributeMap, _ node: Node) -> AttributeMap {
        var kept: [AttributeMap.Entry] = []
        for entry in map.entries {
            guard let child = node.names[entry.name], let value = project(entry.value, child) else { continue }
            kept.append(AttributeMap.Entry(name: entry.name, value: value))
        }
        return AttributeMap(unsorted: kept)
    }

    /// `nil` where nothing below is wanted. The wanted elements of a list close up.
    private static func project(_ value: AttributeValue, _ node: Node) -> AttributeValue? {
        if node.isWanted { return value }
        switch value {
        case .map(let map):
            let kept = project(map, node)
            return kept.isEmpty ? nil : .map(kept)
        case .list(let list):
            let kept = node.indices.keys.sorted().compactMap { index in
                index < list.count ? node.indices[index].flatMap { project(list[index], $0) } : nil
            }
            return kept.isEmpty ? nil : .list(kept)
        default: return nil
        }
    }
}
