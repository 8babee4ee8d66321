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
            let open = try await files.pool.run {
                try pieces.map { try OpenFile(files.path(of: $0.segment.file), $0, key) }
            }
            let reading = Reading(open, pool: files.pool)
            return ByteStream(length: Int(range.upperBound - range.lowerBound)) { try await reading.next() }
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

    /// `@unchecked Sendable`: a `ByteStream` has one reader at a time, which reads on in order.
    private final class OpenFile: @unchecked Sendable {
        let descriptor: Int32
        let range: Range<Int64>
        private let cipher: ObjectCipher?

        init(_ path: String, _ piece: Piece, _ key: DataKey?) throws {
            range = piece.range
            cipher = try key.flatMap { key in
                try piece.segment.nonce.map {
                    try ObjectCipher(key, nonce: $0, offset: piece.range.lowerBound)
                }
            }
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError.last(path) }
        }

        deinit { close(descriptor) }

        /// Deciphers where the bytes lie: memory that was never touched costs more than the cipher does.
        func read(at offset: Int64, upTo limit: Int) throws -> [UInt8] {
            try [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
                let count = pread(descriptor, buffer.baseAddress, limit, off_t(offset))
                // Shorter than its row says: better a broken transfer than wrong bytes.
                guard count > 0 else { throw ByteStreamError.truncated }
                let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
                try cipher?.apply(to: UnsafeRawBufferPointer(bytes), into: bytes)
                filled = count
            }
        }
    }

    /// The position in the open files.
    ///
    /// `@unchecked Sendable`: a `ByteStream` has one reader at a time.
    private final class Reading: @unchecked Sendable {
        private var files: ArraySlice<OpenFile>
        private var offset: Int64
        private let pool: BlockingPool

        init(_ files: [OpenFile], pool: BlockingPool) {
            self.files = files[...]
            offset = files.first?.range.lowerBound ?? 0
            self.pool = pool
        }

        func next() async throws -> [UInt8]? {
            guard let file = files.first else { return nil }
            let (start, limit) = (offset, Int(min(Int64(chunkSize), file.range.upperBound - offset)))
            let bytes = try await pool.run { try file.read(at: start, upTo: limit) }
            offset += Int64(bytes.count)
            if offset == file.range.upperBound {
                files.removeFirst()
                offset = files.first?.range.lowerBound ?? 0
            }
            return bytes
        }
    }
}
