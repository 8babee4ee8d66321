/// How far the write-ahead log has come, and what is to be done about it.
///
/// Pages are moved in the background while writes go on, so that the background never quite reaches the log's end. The
/// log can start over only when all of it is moved: the writer, between two commits, moves the few pages that came in
/// during the last pass. Where more comes in during each pass than the writer should move, as with large commits or a
/// slow disk, commits wait a little each until the background has caught up.
struct LogProgress {
    enum Step: Equatable {
        case goOn
        /// Has the background move what there is.
        case move
        /// Has the writer move the rest, and start the log over.
        case restart
        /// Has the next commit wait until the pass under way has ended, but not for longer.
        case wait(upTo: Duration)
    }

    /// At which the log shall start over.
    private let limit: Int
    /// Pages that are worth a pass.
    private var pass: Int { max(1, limit / 4) }
    /// Pages that the writer may move itself: few at first, more when even the next passes leave more behind.
    private var rest: Int { max(1, min(limit / 128 + (logged - limit) / 16, limit / 16)) }
    private static let longestWait = 40

    private var logged = 0
    private var moved = 0
    /// Counts the log's beginnings: what a pass moved of another log is of no use.
    private(set) var generation = 0
    private var isMoving = false
    /// After failures and long reads: how long the log must be for another attempt.
    private var nextAttempt = 0

    init(limit: Int) { self.limit = limit }

    /// Pages that the database lacks.
    var missing: Int { logged - moved }

    /// After a commit, and again after what it said was done.
    mutating func logReached(_ pages: Int) -> Step {
        if pages < logged { startOver() }
        logged = pages
        if isMoving { return wait }
        guard pages >= nextAttempt else { return .goOn }
        if pages >= limit, missing <= rest { return .restart }
        guard pages >= limit || missing >= pass else { return .goOn }
        isMoving = true
        return .move
    }

    /// After a pass; `nil` if it failed or nobody could make it.
    mutating func passed(_ log: Connection.LogState?, generation: Int) {
        isMoving = false
        guard generation == self.generation else { return }
        if let log, log.moved > moved {
            (moved, nextAttempt) = (log.moved, 0)
        } else {
            tryLater()
        }
    }

    /// After the writer moved the rest, or failed to.
    mutating func restarted(_ isDone: Bool) {
        if isDone { moved = logged } else { tryLater() }
    }

    private mutating func tryLater() { nextAttempt = logged + pass }

    private mutating func startOver() {
        (moved, nextAttempt) = (0, 0)
        generation += 1
    }

    /// The longer, the further the background is behind; not while it does not move at all, as beside a long read.
    private var wait: Step {
        guard nextAttempt == 0, logged >= limit + limit / 4 else { return .goOn }
        let milliseconds = min(Self.longestWait, (logged - limit) * 10 / limit)
        return .wait(upTo: .milliseconds(milliseconds))
    }
}
