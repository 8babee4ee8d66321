import ServiceKit
import Synchronization

/// What a database's own threads did, and when.
final class WorkRecord: Sendable {
    private static let pieceLimit = 6
    private let work = Mutex<[StorageWork]>([])
    private let machine = MachineWatch()

    init(_ database: Database) {
        database.observeWork { [weak self] piece in self?.work.withLock { $0.append(piece) } }
    }

    func end() { machine.end() }

    /// How long each kind of work took.
    var summary: String {
        let all = work.withLock { $0 }
        return StorageWork.Kind.allCases.map { kind in
            "  \(kind): \(Waits(all.filter { $0.kind == kind }.map(\.time)))"
        }.joined(separator: "\n")
    }

    /// What was done while those requests waited.
    func text(of episode: Episode, since start: ContinuousClock.Instant) -> String {
        let all = work.withLock { $0 }
        let (from, to) = (episode.longest.start, episode.longest.end)
        let pieces = all.filter { $0.start < to && $0.end > from }
            .sorted { $0.time > $1.time }.prefix(Self.pieceLimit).sorted { $0.start < $1.start }
            .map { "\($0.kind) \($0.time.milliseconds) from \(($0.start - from).milliseconds)" }
        return """
              \(episode.longest.time.milliseconds) ms at \((from - start).milliseconds / 1000) s, \(episode.count) \
            requests > \(Episode.least.milliseconds) ms: \(machine.text(from: from, to: to)); \
            \(pieces.joined(separator: ", "))
            """
    }
}

/// Requests that took long at the same time.
struct Episode {
    private(set) var longest: TimedCall
    private(set) var count: Int
    private var end: ContinuousClock.Instant
    static let least = Duration.milliseconds(20)

    private init(_ call: TimedCall) {
        longest = call
        count = 1
        end = call.end
    }

    /// The worst of all.
    static func longest(of calls: [TimedCall], limit: Int) -> [Episode] {
        var episodes: [Episode] = []
        for call in calls.filter({ $0.time > least }).sorted(by: { $0.start < $1.start }) {
            if let last = episodes.last, call.start < last.end {
                episodes[episodes.count - 1].add(call)
            } else {
                episodes.append(Episode(call))
            }
        }
        return Array(episodes.sorted { $0.longest.time > $1.longest.time }.prefix(limit))
    }

    private mutating func add(_ call: TimedCall) {
        count += 1
        if call.time > longest.time { longest = call }
        end = max(end, call.end)
    }
}
