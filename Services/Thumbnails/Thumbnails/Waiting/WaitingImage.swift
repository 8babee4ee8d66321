import ServiceKit

/// An image that this service was not let read or write, and tries again: a permission may be a mistake.
struct WaitingImage: Sendable {
    /// How long it is tried, more and more rarely.
    static let patience = Duration.seconds(7 * 24 * 3600)
    private static let longestDelay: Int64 = 3600

    let change: ObjectChange
    /// In vain, so far.
    let attempts: Int
    let since: Timestamp
    /// `nil` where it was given up.
    let due: Timestamp?
    /// What S3 said the last time.
    let reason: String

    init(change: ObjectChange, attempts: Int, since: Timestamp, due: Timestamp?, reason: String) {
        (self.change, self.attempts, self.since, self.due) = (change, attempts, since, due)
        self.reason = reason
    }

    /// After one more attempt in vain.
    init(_ change: ObjectChange, after last: WaitingImage?, reason: String, at now: Timestamp) {
        let attempts = (last?.attempts ?? 0) + 1
        let since = last?.since ?? now
        let isOver = now - since > Self.patience
        self.init(
            change: change, attempts: attempts, since: since, due: isOver ? nil : now + Self.delay(after: attempts),
            reason: reason)
    }

    /// 5 s, 10 s, 20 s … an hour.
    static func delay(after attempts: Int) -> Duration {
        .seconds(min(5 << Int64(min(attempts - 1, 20)), longestDelay))
    }
}

extension WaitingImage: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("Bucket", change.bucket)
        json.member("Key", change.key)
        json.member("Attempts", attempts)
        json.member("Since", since.iso8601(milliseconds: false))
        json.member("Due", due?.iso8601(milliseconds: false))
        json.member("Reason", reason)
    }
}
