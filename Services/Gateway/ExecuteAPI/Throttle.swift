import ServiceKit
import Synchronization

/// Token buckets of stages and methods: `rate` requests a second, `burst` at once.
final class Throttle: Sendable {
    private struct Bucket {
        var tokens: Double
        var updated: Timestamp
    }

    private static let capacity = 10_000
    private let buckets = Mutex<[String: Bucket]>([:])

    func admits(_ key: String, _ settings: MethodSettings, at now: Timestamp) -> Bool {
        buckets.withLock { buckets in
            if buckets.count >= Throttle.capacity, buckets[key] == nil { buckets.removeAll() }
            var bucket = buckets[key] ?? Bucket(tokens: settings.burst, updated: now)
            let elapsed = Double((now - bucket.updated).milliseconds) / 1000
            bucket.tokens = min(settings.burst, bucket.tokens + max(elapsed, 0) * settings.rate)
            bucket.updated = now
            let isAdmitted = bucket.tokens >= 1
            if isAdmitted { bucket.tokens -= 1 }
            buckets[key] = bucket
            return isAdmitted
        }
    }
}
