import Bytes
import Crypto

/// Has something done that waits for the disk, on another thread; `false` where nobody does such work any more.
public typealias DiskWork = @Sendable (_ work: @escaping @Sendable () -> Void) -> Bool

/// A stretch of a file that the stream's writer handed over, read here: the bytes take no way over the bus.
final class HandedFile: Sendable {
    /// Small enough to stay in a processor's cache between reading, deciphering and sending.
    private static let pieceSize = 256 << 10
    /// So much is fetched from the disk together.
    private static let fetchedSize: Int64 = 4 << 20

    private let reader: StretchReader
    private let diskWork: DiskWork

    init(_ stretch: FileStretch, _ diskWork: @escaping DiskWork) throws {
        reader = try StretchReader(stretch)
        self.diskWork = diskWork
    }

    /// The next bytes; `nil` at the end.
    func next() async throws -> [UInt8]? {
        guard !reader.isAtEnd else { return nil }
        // Most files that are read were read or written lately, and a thread that waits for sockets may read those.
        if case .bytes(let bytes) = try reader.readAtHand(upTo: Self.pieceSize) { return bytes }
        return try await withCheckedThrowingContinuation { continuation in
            let isTaken = diskWork { [reader] in
                reader.fetchAhead(Self.fetchedSize)
                continuation.resume(with: Result { try reader.read(upTo: Self.pieceSize) })
            }
            if !isTaken { continuation.resume(throwing: BusError.cancelled) }
        }
    }
}
