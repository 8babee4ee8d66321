/// A regular expression's tree.
indirect enum PatternSyntax {
    case empty
    case one(CharacterClass)
    case sequence([PatternSyntax])
    case alternatives([PatternSyntax])
    case repeated(PatternSyntax, minimum: Int, maximum: Int)
    case start
    case end
    case wordBoundary(isNegated: Bool)
    case lookAhead(PatternSyntax, isNegated: Bool)
    case lookBehind(CharacterClass, isNegated: Bool)

    var isAlternative: Bool {
        if case .alternatives = self { return true }
        return false
    }
}

/// Turns a tree into nodes, from the end to the start.
struct PatternCompiler {
    private(set) var nodes: [Pattern.Node] = [.match]
    /// More would be a model gone wrong.
    private let limit = 20_000

    mutating func compile(_ syntax: PatternSyntax) -> Int? { compile(syntax, next: 0) }

    private mutating func compile(_ syntax: PatternSyntax, next: Int) -> Int? {
        switch syntax {
        case .empty: return next
        case .one(let set): return add(.one(set, next: next))
        case .sequence(let parts):
            var entry = next
            for part in parts.reversed() {
                guard let before = compile(part, next: entry) else { return nil }
                entry = before
            }
            return entry
        case .alternatives(let choices): return compile(choices[...], next: next)
        case .repeated(.one(let set), let minimum, let maximum):
            return add(.run(set, minimum: minimum, maximum: maximum, next: next))
        case .repeated(let body, let minimum, let maximum):
            return compile(body, minimum: minimum, maximum: maximum, next: next)
        case .start: return add(.start(next: next))
        case .end: return add(.end(next: next))
        case .wordBoundary(let isNegated): return add(.wordBoundary(isNegated: isNegated, next: next))
        case .lookAhead(let body, let isNegated):
            guard let entry = compile(body, next: 0) else { return nil }
            return add(.lookAhead(body: entry, isNegated: isNegated, next: next))
        case .lookBehind(let set, let isNegated): return add(.lookBehind(set, isNegated: isNegated, next: next))
        }
    }

    private mutating func compile(_ choices: ArraySlice<PatternSyntax>, next: Int) -> Int? {
        guard let first = choices.first, let entry = compile(first, next: next) else { return nil }
        let rest = choices.dropFirst()
        if rest.isEmpty { return entry }
        guard let others = compile(rest, next: next) else { return nil }
        return add(.split(first: entry, second: others))
    }

    private mutating func compile(_ body: PatternSyntax, minimum: Int, maximum: Int, next: Int) -> Int? {
        var entry: Int? = next
        if maximum == .max {
            guard let loop = add(.match), let inside = compile(body, next: loop) else { return nil }
            nodes[loop] = .split(first: inside, second: next)
            entry = loop
        } else {
            for _ in minimum..<max(minimum, maximum) {
                guard let after = entry, let inside = compile(body, next: after) else { return nil }
                entry = add(.split(first: inside, second: next))
            }
        }
        for _ in 0..<minimum {
            guard let after = entry else { return nil }
            let count = nodes.count
            entry = compile(body, next: after)
            // What takes no room matches nothing, any number of times.
            if nodes.count == count { break }
        }
        return entry
    }

    private mutating func add(_ node: Pattern.Node) -> Int? {
        guard nodes.count < limit else { return nil }
        nodes.append(node)
        return nodes.count - 1
    }
}
