import Bytes
import Synchronization

extension ByteStream {
    /// A body that arrives in just these pieces, empty ones left out; the sender says how long it is, or not.
    public static func arriving(_ pieces: [[UInt8]], isLengthKnown: Bool = false) -> ByteStream {
        let rest = Pieces(pieces.filter { !$0.isEmpty })
        return ByteStream(length: isLengthKnown ? pieces.reduce(0) { $0 + $1.count } : nil) { rest.next() }
    }

    /// The same for pieces of one size.
    public static func arriving(_ bytes: [UInt8], size: Int, isLengthKnown: Bool = false) -> ByteStream {
        let starts = stride(from: 0, to: bytes.count, by: size)
        return arriving(
            starts.map { Array(bytes[$0..<Swift.min($0 + size, bytes.count)]) }, isLengthKnown: isLengthKnown)
    }
}

private final class Pieces: Sendable {
    private let rest: Mutex<ArraySlice<[UInt8]>>
    init(_ pieces: [[UInt8]]) { rest = Mutex(pieces[...]) }
    func next() -> [UInt8]? { rest.withLock { $0.popFirst() } }
}
