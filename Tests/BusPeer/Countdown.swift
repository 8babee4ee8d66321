import Synchronization

/// A source of so many bytes, in chunks of 256 KiB.
final class Countdown: Sendable {
    private let rest: Mutex<Int>

    init(_ total: Int) { rest = Mutex(total) }

    func next() -> [UInt8]? {
        rest.withLock { rest in
            guard rest > 0 else { return nil }
            let count = min(rest, 256 << 10)
            rest -= count
            return [UInt8](repeating: UInt8(truncatingIfNeeded: rest >> 18), count: count)
        }
    }
}
