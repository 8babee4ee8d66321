import Glibc

/// Finds lines that end with CR LF, without looking at any byte twice.
struct HTTP1Lines {
    /// Bytes of the unfinished line that hold no line feed.
    private var scanned = 0

    /// The next whole line from `offset`, without its end; `nil` where its end has not come yet.
    mutating func next(
        in bytes: UnsafeBufferPointer<UInt8>, from offset: Int, limit: Int, tooLong: HTTP1Fault
    ) throws(HTTP1Fault) -> UnsafeBufferPointer<UInt8>? {
        let rest = UnsafeBufferPointer(rebasing: bytes[offset...])
        guard let base = rest.baseAddress,
            let found = memchr(base + scanned, 0x0a, rest.count - scanned)
        else {
            scanned = rest.count
            // The last byte may be the CR of the line's end.
            guard scanned <= limit + 1 else { throw tooLong }
            return nil
        }
        let length = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        scanned = 0
        guard length <= limit + 1 else { throw tooLong }
        guard length > 0, rest[length - 1] == 0x0d else { throw .bareLineFeed }
        return UnsafeBufferPointer(rebasing: rest[..<(length - 1)])
    }
}
