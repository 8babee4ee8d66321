/// How long a child that ended waits before it is started again: longer each time, until it has lived for a while.
struct RestartDelay: Equatable {
    static let shortest: Duration = .milliseconds(50)
    static let longest: Duration = .seconds(10)
    /// A life this long is a success.
    static let success: Duration = .seconds(10)

    private var next = shortest

    /// - Parameter life: how long the child ran this time.
    mutating func after(life: Duration) -> Duration {
        if life >= Self.success { next = Self.shortest }
        defer { next = min(next * 2, Self.longest) }
        return next
    }
}
