import ServiceKit
import Synchronization

/// The stages this gateway serves: fetched when first asked for, dropped on a doorbell, looked at again after a while
/// because a doorbell may be lost.
final class StageDirectory: Sendable {
    private struct Entry {
        let stage: StageDefinition?
        let fetched: Timestamp
    }

    private static let freshness = Duration.seconds(2)
    private static let capacity = 1000

    private let client: ServiceClient
    private let clock: any WallClock
    private let entries = Mutex<[String: [String: Entry]]>([:])

    init(client: ServiceClient, clock: any WallClock) {
        self.client = client
        self.clock = clock
    }

    func forget(_ apiID: String) { entries.withLock { $0[apiID] = nil } }

    /// `nil` where there is no such stage.
    func stage(_ name: String, of apiID: String) async throws -> StageDefinition? {
        let known = entries.withLock { $0[apiID]?[name] }
        if let known, clock.now - known.fetched < StageDirectory.freshness { return known.stage }
        do {
            let entry = Entry(stage: try await fetch(name, of: apiID), fetched: clock.now)
            entries.withLock { entries in
                if entries.count >= StageDirectory.capacity { entries.removeAll() }
                entries[apiID, default: [:]][name] = entry
            }
            return entry.stage
        } catch  where known != nil {
            // The owner is away: the snapshot is immutable and its settings were right a moment ago.
            return known?.stage
        }
    }

    private func fetch(_ name: String, of apiID: String) async throws -> StageDefinition? {
        var options = ServiceClient.Options()
        options.isIdempotent = true
        do {
            let reply = try await client.call("apus.apis", "GetStageSnapshot", options: options) { json in
                json.member("ApiId", apiID)
                json.member("StageName", name)
            }
            return try StageDefinition(json: reply.output)
        } catch let error as ServiceError where error.status == 404 {
            return nil
        }
    }
}
