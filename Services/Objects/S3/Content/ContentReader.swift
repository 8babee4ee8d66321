import Glibc
import ServiceKit

/// Reads a range of an object's bytes as a stream, a chunk at a time.
enum ContentReader {
    private static let chunkSize = 512 << 10

    /// Opens every file at once, so that the bytes stay readable when the object is overwritten meanwhile.
    ///
    /// - Parameter key: what the bytes are enciphered under; `nil` reads them as they are stored.
    /// - Throws: `FileError.missing` if a file went away since its row was read: look the object up again.
    static func stream(
        _ content: ObjectContent, range: Range<Int64>, files: ByteFiles, key: DataKey?
    ) async throws -> ByteStream {
        switch content {
        case .inline(let stored):
            let bytes = try key?.openInline(stored) ?? stored
            guard range != 0..<Int64(bytes.count) else { return ByteStream(bytes) }
            return ByteStream(Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
        case .segments(let segments):
            let pieces = pieces(of: segments, in: range)
            let stretches = try await files.pool.run {
                try pieces.map { try stretch($0, files.path(of: $0.segment.file), key) }
            }
            let reading = Reading(stretches, pool: files.pool)
            return ByteStream(
                length: Int(range.upperBound - range.lowerBound), nextStretch: { reading.takeStretch() },
                pull: { try await reading.next() })
        }
    }

    private struct Piece: Sendable {
        let segment: Segment
        let range: Range<Int64>
    }

    private static func pieces(of segments: [Segment], in range: Range<Int64>) -> [Piece] {
        var pieces: [Piece] = []
        var start: Int64 = 0
        for segment in segments {
            let part = range.clamped(to: start..<start + segment.size)
            if !part.isEmpty {
                pieces.append(Piece(segment: segment, range: part.lowerBound - start..<part.upperBound - start))
            }
            start += segment.size
        }
        return pieces
    }

    private static func stretch(_ piece: Piece, _ path: String, _ key: DataKey?) throws -> FileStretch {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.last(path) }
        let cipher = key.flatMap { key in piece.segment.nonce.map { key.cipher($0) } }
        return FileStretch(file: OwnedDescriptor(descriptor), range: piece.range, cipher: cipher)
    }

    /// The position in the open files.
    ///
    /// `@unchecked Sendable`: a `ByteStream` has one reader at a time.
    private final class Reading: @unchecked Sendable {
        private var stretches: ArraySlice<FileStretch>
        private var reader: StretchReader?
        private let pool: BlockingPool

        init(_ stretches: [FileStretch], pool: BlockingPool) {
            self.stretches = stretches[...]
            self.pool = pool
        }

        /// For a reader who reads the files itself.
        func takeStretch() -> FileStretch? { stretches.popFirst() }

        func next() async throws -> [UInt8]? {
            if reader?.isAtEnd ?? true { reader = try stretches.popFirst().map { try StretchReader($0) } }
            guard let reader else { return nil }
            return try await pool.run { try reader.read(upTo: chunkSize) }
        }
    }
}
