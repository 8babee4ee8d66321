import HTTP
import HTTPTypes
import ServiceKit
import Synchronization

/// Answers of cached methods, in memory, the longest unused dropped first.
final class ResponseCache: Sendable {
    private struct Entry {
        let head: ResponseHead
        let body: [UInt8]
        let expires: Timestamp
        var used: UInt64
        var size: Int { body.count + 512 }
    }
    private struct State {
        var entries: [String: Entry] = [:]
        var size = 0
        var clock: UInt64 = 0
    }

    /// As AWS's smallest cache has 0.5 GB for one stage, this is modest: it is every stage's together.
    private static let capacity = 64 << 20
    private static let largestEntry = 1 << 20

    private let state = Mutex(State())

    func response(for key: String, at now: Timestamp) -> HTTPResponse? {
        state.withLock { state in
            guard var entry = state.entries[key] else { return nil }
            guard now < entry.expires else {
                state.size -= entry.size
                state.entries[key] = nil
                return nil
            }
            state.clock += 1
            entry.used = state.clock
            state.entries[key] = entry
            return HTTPResponse(head: entry.head, body: .bytes(entry.body))
        }
    }

    /// Keeps successful answers whose body is at hand.
    func store(_ response: HTTPResponse, for key: String, until expires: Timestamp) {
        guard case .bytes(let body) = response.body, response.head.status == 200,
            body.count <= ResponseCache.largestEntry
        else { return }
        state.withLock { state in
            state.clock += 1
            let entry = Entry(head: response.head, body: body, expires: expires, used: state.clock)
            state.size += entry.size - (state.entries[key]?.size ?? 0)
            state.entries[key] = entry
            if state.size > ResponseCache.capacity { ResponseCache.trim(&state) }
        }
    }

    /// Down to three quarters in one go, so that a full cache does not sort at every answer.
    private static func trim(_ state: inout State) {
        for (key, entry) in state.entries.sorted(by: { $0.value.used < $1.value.used }) {
            guard state.size > capacity * 3 / 4 else { return }
            state.size -= entry.size
            state.entries[key] = nil
        }
    }
}
