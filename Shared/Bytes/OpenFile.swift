#if canImport(Glibc)
    import Glibc
#endif

/// An open file, closed when nobody holds it any more.
public final class OpenFile: Sendable {
    public let descriptor: Int32

    /// Owns the descriptor from here on.
    public init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
