import ServiceKit

/// Deriving all images of a bucket anew: where it stands.
struct Regeneration: Sendable {
    enum State: String, SQLValue {
        case running, completed, cancelled, failed
    }

    let bucket: String
    let account: String
    let region: String
    /// The value of the bucket's tag when it was begun.
    let target: String
    var state = State.running
    let started: Timestamp
    var ended: Timestamp?
    /// Objects to look at; `nil` until they are counted. A bucket that changes meanwhile makes it an estimate.
    var total: Int?
    /// The last key that was looked at.
    var position = ""
    var tally = Tally()
    /// Why it failed.
    var reason: String?

    struct Tally: Sendable, Equatable {
        var derived = 0
        var refused = 0
        /// Not readable now: tried again on their own.
        var waiting = 0
        /// No images, or gone meanwhile.
        var skipped = 0

        var all: Int { derived + refused + waiting + skipped }

        mutating func count(_ outcome: Deriver.Outcome) {
            switch outcome {
            case .derived: derived += 1
            case .refused: refused += 1
            case .waiting: waiting += 1
            case .skipped: skipped += 1
            }
        }
    }
}

extension Regeneration: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("Bucket", bucket)
        json.member("State", state.rawValue)
        json.member("Started", started.iso8601(milliseconds: false))
        json.member("Ended", ended?.iso8601(milliseconds: false))
        json.member("Total", total)
        json.member("Done", tally.all)
        json.member("Derived", tally.derived)
        json.member("Refused", tally.refused)
        json.member("Waiting", tally.waiting)
        json.member("Skipped", tally.skipped)
        json.member("Reason", reason)
    }
}
