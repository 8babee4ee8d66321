/// A thread with an event loop of its own, on which a client can work: no other thread stands between a task of that
/// loop and the owner it calls.
public protocol BusReactor: AnyObject, Sendable {
    /// Whether the caller runs on the reactor's thread.
    var isCurrent: Bool { get }

    /// Runs an action on the reactor's thread, later; from any thread.
    func execute(_ action: @escaping @Sendable () -> Void)

    // On the reactor's thread:

    /// Calls `action` whenever the descriptor is readable, until `unwatch`.
    func watch(_ descriptor: Int32, _ action: @escaping () -> Void)
    func unwatch(_ descriptor: Int32)

    /// Calls the action of a watched descriptor once also when it is writable.
    func awaitRoom(_ descriptor: Int32)

    /// Calls `action` before every wait, until it returns `nil`. It returns how many milliseconds that wait may take at
    /// most; `Int.max` is no limit. `last` is called after the tasks that `action` resumed; with `false`, the reactor
    /// does not wait.
    func beforeWaiting(_ action: @escaping () -> Int?, last: @escaping () -> Bool)
}
