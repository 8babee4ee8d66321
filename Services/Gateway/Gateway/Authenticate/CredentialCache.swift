import AWSSignature
import ServiceKit
import Synchronization

/// Keys derived for one scope each, and who their holders are; secrets never come here.
///
/// Entries end with the session, when `auth` rings, or after a few minutes in case a ring was lost.
final class CredentialCache: Sendable {
    struct Key: Hashable, Sendable {
        let accessKeyID: String
        let sessionToken: String?
        let scope: CredentialScope
    }

    struct Entry: Sendable {
        let key: SigningKey
        let caller: [UInt8]
        let expires: Timestamp
    }

    private static let capacity = 10_000
    private static let longestLife = Duration.seconds(300)
    private struct State {
        var entries: [Key: Entry] = [:]
        /// Counts drops, so that an answer asked for before one is not kept after it.
        var generation = 0
    }
    private let state = Mutex(State())

    /// The entry, or the generation to store a new one under.
    func find(_ key: Key, now: Timestamp) -> (entry: Entry?, generation: Int) {
        state.withLock { state in
            guard let entry = state.entries[key], entry.expires > now else { return (nil, state.generation) }
            return (entry, state.generation)
        }
    }

    func store(_ resolved: ResolvedCredential, for key: Key, generation: Int, now: Timestamp) throws -> Entry {
        let end = now + CredentialCache.longestLife
        let entry = Entry(
            key: try SigningKey(bytes: resolved.signingKey.bytes), caller: resolved.caller.encoded,
            expires: resolved.expires.map { min($0, end) } ?? end)
        state.withLock { state in
            guard state.generation == generation else { return }
            // Dropping all is rare, cheap to refill and needs no bookkeeping on the hot path.
            if state.entries.count >= CredentialCache.capacity { state.entries.removeAll(keepingCapacity: true) }
            state.entries[key] = entry
        }
        return entry
    }

    /// Forgets one access key, or all of them for an empty one.
    func drop(_ accessKeyID: String) {
        state.withLock { state in
            state.generation += 1
            guard !accessKeyID.isEmpty else { return state.entries.removeAll(keepingCapacity: true) }
            state.entries = state.entries.filter { $0.key.accessKeyID != accessKeyID }
        }
    }
}
