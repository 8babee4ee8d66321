import CZlib

/// How the bytes of a body are compressed (RFC 9110 section 8.4.1).
public enum ContentCoding: String, Sendable {
    case gzip
    /// zlib's format (RFC 1950) around deflate (RFC 1951).
    case deflate

    /// By a name of HTTP, in any case.
    public init?(name: some StringProtocol) {
        switch name.lowercased() {
        case "gzip": self = .gzip
        case "deflate": self = .deflate
        default: return nil
        }
    }

    /// What zlib is told.
    var window: Int32 {
        switch self {
        case .gzip: MAX_WBITS + 16
        case .deflate: MAX_WBITS
        }
    }
}

/// What was to be expanded is damaged, cut off, or not compressed at all.
public struct CompressionFault: Error {
    public init() {}
}
