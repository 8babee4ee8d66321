/// What became of the write-ahead log, and what of it the writer had to do or wait for itself.
public struct LogCounts: Sendable {
    /// Background passes over the log.
    public internal(set) var passes = 0
    /// How often the log could start over.
    public private(set) var restarts = 0
    /// How often readers kept it from starting over.
    public private(set) var refusals = 0
    /// Most pages the writer moved between two commits.
    public private(set) var mostPagesByWriter = 0
    /// How often the log took time between two commits, the longest of these times, and all together.
    public private(set) var stops = 0
    public private(set) var longestStop = Duration.zero
    public private(set) var stoppedTime = Duration.zero

    mutating func addRestart(_ isDone: Bool, pages: Int) {
        if isDone { restarts += 1 } else { refusals += 1 }
        mostPagesByWriter = max(mostPagesByWriter, pages)
    }

    mutating func addStop(_ time: Duration) {
        stops += 1
        longestStop = max(longestStop, time)
        stoppedTime += time
    }
}
