import Bytes

/// What the two ends of a stream tell each other.
enum StreamSignal: Sendable {
    /// From the writer: piece number n.
    case chunk(UInt32, [UInt8])
    /// From the writer: piece number n, in a file.
    case file(UInt32, FileStretch)
    /// From the writer: nothing follows the n pieces so far.
    case end(UInt32)
    /// From the writer: its source failed after n pieces.
    case failed(UInt32)
    /// From the reader: pieces below this number are welcome.
    case credit(UInt32)
    /// From the reader: it reads no more.
    case abandon
}
