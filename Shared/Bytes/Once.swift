import Synchronization

/// A value that can be taken one time, from any thread.
public final class Once<Value: Sendable>: Sendable {
    private let value: Mutex<Value?>

    public init(_ value: Value?) { self.value = Mutex(value) }

    public func take() -> Value? {
        value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}
