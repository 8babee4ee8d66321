/// How much of a message's head is read before it is refused.
public struct HTTPLimits: Sendable, Equatable {
    /// Bytes of the request or status line.
    public var startLineBytes: Int
    /// Bytes of one field line.
    public var fieldLineBytes: Int
    /// Bytes of all fields of a head, and again of its trailers.
    public var fieldsBytes: Int
    /// Number of fields of a head, and again of its trailers.
    public var fieldCount: Int
    /// Bytes of a body as it is handed to the handler, without its framing; `nil` is unlimited.
    public var bodyBytes: Int?

    public init(
        startLineBytes: Int = 16 * 1024, fieldLineBytes: Int = 16 * 1024, fieldsBytes: Int = 32 * 1024,
        fieldCount: Int = 128, bodyBytes: Int? = nil
    ) {
        self.startLineBytes = startLineBytes
        self.fieldLineBytes = fieldLineBytes
        self.fieldsBytes = fieldsBytes
        self.fieldCount = fieldCount
        self.bodyBytes = bodyBytes
    }
}
