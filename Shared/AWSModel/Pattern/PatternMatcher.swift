/// One search of a pattern in a text: backtracking on an explicit stack that visits no state twice.
struct PatternMatcher {
    private struct State {
        let node: Int
        let position: Int
    }

    private let pattern: Pattern
    private let text: [Unicode.Scalar]
    private var stack: [State] = []
    /// One bit per node and position; made only when a search takes long.
    private var visited: [UInt64] = []
    private var steps = 0
    /// A search this long is hostile: the text passes, and the operation's own checks decide.
    private static let stepLimit = 4_000_000
    private static let stepsBeforeMemory = 1000

    init(pattern: Pattern, text: [Unicode.Scalar]) {
        self.pattern = pattern
        self.text = text
    }

    mutating func matches() -> Bool {
        if pattern.isWhole { return search(from: pattern.entry, at: 0, wantsEnd: true) }
        return search(from: pattern.entry, at: 0, wantsEnd: false)
    }

    private mutating func search(from entry: Int, at position: Int, wantsEnd: Bool) -> Bool {
        let outer = (stack, visited)
        stack = [State(node: entry, position: position)]
        visited = []
        defer { (stack, visited) = outer }
        while let state = stack.popLast() {
            if run(state, wantsEnd: wantsEnd) || steps > PatternMatcher.stepLimit { return true }
        }
        return false
    }

    /// Follows one thread until it fails or matches, leaving its alternatives on the stack.
    private mutating func run(_ state: State, wantsEnd: Bool) -> Bool {
        var node = state.node
        var position = state.position
        while true {
            steps += 1
            if isVisited(node, position) { return false }
            switch pattern.nodes[node] {
            case .match: return !wantsEnd || position == text.count
            case .one(let set, let next):
                guard position < text.count, set.contains(text[position]) else { return false }
                position += 1
                node = next
            case .run(let set, let minimum, let maximum, let next):
                guard let longest = pushRun(of: set, minimum, maximum, at: position, next: next) else { return false }
                position = longest
                node = next
            case .split(let first, let second):
                stack.append(State(node: second, position: position))
                node = first
            case let assertion:
                guard let next = holds(assertion, at: position) else { return false }
                node = next
            }
        }
    }

    /// The end of the longest run; shorter ones wait on the stack.
    private mutating func pushRun(
        of set: CharacterClass, _ minimum: Int, _ maximum: Int, at position: Int, next: Int
    ) -> Int? {
        var end = position
        let limit = maximum < text.count - position ? position + maximum : text.count
        while end < limit, set.contains(text[end]) { end += 1 }
        steps += end - position
        guard end - position >= minimum else { return nil }
        // After a run that ends the pattern, only the longest can reach the text's end.
        if case .match = pattern.nodes[next], end == text.count { return end }
        for shorter in position + minimum..<max(end, position + minimum) {
            stack.append(State(node: next, position: shorter))
        }
        return end
    }

    /// The node behind an assertion that holds.
    private mutating func holds(_ node: Pattern.Node, at position: Int) -> Int? {
        switch node {
        case .start(let next): return position == 0 ? next : nil
        case .end(let next): return position == text.count ? next : nil
        case .wordBoundary(let isNegated, let next): return isBoundary(position) != isNegated ? next : nil
        case .lookAhead(let body, let isNegated, let next):
            return search(from: body, at: position, wantsEnd: false) != isNegated ? next : nil
        case .lookBehind(let set, let isNegated, let next):
            return (position > 0 && set.contains(text[position - 1])) != isNegated ? next : nil
        case .one, .run, .split, .match: return nil
        }
    }

    private func isBoundary(_ position: Int) -> Bool {
        let before = position > 0 && CharacterClass.word.contains(text[position - 1])
        let after = position < text.count && CharacterClass.word.contains(text[position])
        return before != after
    }

    private mutating func isVisited(_ node: Int, _ position: Int) -> Bool {
        guard steps > PatternMatcher.stepsBeforeMemory else { return false }
        let bit = node * (text.count + 1) + position
        if visited.isEmpty {
            visited = [UInt64](repeating: 0, count: (pattern.nodes.count * (text.count + 1) + 63) / 64)
        }
        if visited[bit / 64] >> UInt64(bit % 64) & 1 == 1 { return true }
        visited[bit / 64] |= 1 << UInt64(bit % 64)
        return false
    }
}
