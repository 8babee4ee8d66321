import Synchronization

/// Where workers or a stream have come to.
final class Position: Sendable {
    private let value = Atomic<Int>(0)

    /// The position before.
    func advance(by step: Int = 1) -> Int { value.wrappingAdd(step, ordering: .relaxed).oldValue }
}
