/// Does something for every node of a graph, as soon as it has been done for all that the node depends on.
struct DependencyWalk: Sendable {
    /// How much goes on at a time.
    private static let width = 16

    let nodes: [String]
    /// Of each node; those that are no nodes do not count.
    let dependencies: [String: Set<String>]
    /// Whether nothing more is begun after a failure, or only nothing that depends on what failed.
    let stopsAtFailure: Bool

    /// What came of it; nodes that are in neither were not begun.
    struct Outcome: Sendable {
        var done: Set<String> = []
        /// In the order they failed.
        var failed: [String] = []
    }

    /// - Parameter body: answers whether it went well; what it throws ends the walk.
    func run(_ body: @escaping @Sendable (String) async throws -> Bool) async throws -> Outcome {
        var outcome = Outcome()
        var waiting = nodes
        let known = Set(nodes)
        try await withThrowingTaskGroup(of: (String, Bool).self) { group in
            var running = 0
            while true {
                let mayBegin = outcome.failed.isEmpty || !stopsAtFailure
                while mayBegin, running < Self.width,
                    let next = waiting.firstIndex(where: { isReady($0, known, outcome.done) })
                {
                    let node = waiting.remove(at: next)
                    running += 1
                    group.addTask { (node, try await body(node)) }
                }
                guard let (node, wentWell) = try await group.next() else { return }
                running -= 1
                if wentWell { outcome.done.insert(node) } else { outcome.failed.append(node) }
            }
        }
        return outcome
    }

    private func isReady(_ node: String, _ known: Set<String>, _ done: Set<String>) -> Bool {
        (dependencies[node] ?? []).allSatisfy { done.contains($0) || !known.contains($0) || $0 == node }
    }
}
