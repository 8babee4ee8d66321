import ServiceKit

/// Where a value is inside an item: `a.b[1]`, names resolved.
struct DocumentPath: Sendable, Hashable, CustomStringConvertible {
    enum Step: Sendable, Hashable {
        case attribute(Text)
        case index(Int)
    }

    /// The attribute of the item.
    let root: Text
    /// The way from it into lists and maps.
    let steps: [Step]

    init(root: Text, steps: [Step] = []) {
        self.root = root
        self.steps = steps
    }

    var isTopLevel: Bool { steps.isEmpty }

    var allSteps: [Step] { [.attribute(root)] + steps }

    /// AWS's notation in messages: `[a, b, [1]]`.
    var description: String {
        let pieces = allSteps.map { step in
            switch step {
            case .attribute(let name): name.string
            case .index(let index): "[\(index)]"
            }
        }
        return "[\(pieces.joined(separator: ", "))]"
    }

    /// What the path leads to in an item.
    func value(in item: AttributeMap) -> AttributeValue? {
        guard var value = item[root] else { return nil }
        for step in steps {
            switch (step, value) {
            case (.attribute(let name), .map(let map)):
                guard let next = map[name] else { return nil }
                value = next
            case (.index(let index), .list(let list)):
                guard index < list.count else { return nil }
                value = list[index]
            default: return nil
            }
        }
        return value
    }
}

/// Two paths of one expression that cannot both be served.
enum PathConflict {
    /// - Throws: AWS's wording for the first pair of which one leads through the other, or of which one takes for a
    ///   list what the other takes for a map.
    static func check(_ paths: [DocumentPath], in kind: ExpressionKind) throws(ServiceError) {
        var conflict: ServiceError?
        for (index, path) in paths.enumerated() {
            for earlier in paths[..<index] {
                switch relation(earlier, path) {
                case .apart: break
                case .overlapping: throw fault("overlap", earlier, path, in: kind)
                case .conflicting: conflict = conflict ?? fault("conflict", earlier, path, in: kind)
                }
            }
        }
        if let conflict { throw conflict }
    }

    private enum Relation { case apart, overlapping, conflicting }

    private static func relation(_ one: DocumentPath, _ two: DocumentPath) -> Relation {
        guard one.root == two.root else { return .apart }
        for (left, right) in zip(one.steps, two.steps) where left != right {
            switch (left, right) {
            case (.attribute, .index), (.index, .attribute): return .conflicting
            default: return .apart
            }
        }
        return .overlapping
    }

    private static func fault(
        _ verb: String, _ one: DocumentPath, _ two: DocumentPath, in kind: ExpressionKind
    ) -> ServiceError {
        kind.fault(
            "Two document paths \(verb) with each other; must remove or rewrite one of these paths; "
                + "path one: \(one), path two: \(two)")
    }
}
