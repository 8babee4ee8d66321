/// What all writes of one commit come to together, such as counters: stored once for all of them, at the commit's end.
public protocol CommitSummary: AnyObject {
    init()

    /// Adds what a later write came to.
    func add(_ other: Self)

    /// Stores it, after the last write and before the commit. An error takes all writes of the commit with it.
    func store(in transaction: Transaction) throws
}

/// The summaries of a write, or of the writes of a commit so far; one of each type.
struct CommitSummaries {
    private var summaries: [any CommitSummary] = []

    /// The one of a type, made when it is first asked for.
    mutating func summary<Summary: CommitSummary>(_ type: Summary.Type) -> Summary {
        for summary in summaries {
            if let summary = summary as? Summary { return summary }
        }
        let summary = Summary()
        summaries.append(summary)
        return summary
    }

    mutating func add(_ others: CommitSummaries) {
        if summaries.isEmpty {
            summaries = others.summaries
        } else {
            for other in others.summaries { add(other) }
        }
    }

    private mutating func add<Summary: CommitSummary>(_ other: Summary) { summary(Summary.self).add(other) }

    func store(in transaction: Transaction) throws {
        for summary in summaries { try summary.store(in: transaction) }
    }
}
