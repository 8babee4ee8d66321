#if canImport(Glibc)
    import Glibc
#endif

/// A file descriptor that closes with its last reference.
public final class OwnedDescriptor: Sendable {
    public let number: Int32

    /// Takes over `number`.
    public init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// Another descriptor of the same thing, for an owner of its own; negative where the process may have no more.
    public func duplicate() -> Int32 { fcntl(number, F_DUPFD_CLOEXEC, 0) }
}
