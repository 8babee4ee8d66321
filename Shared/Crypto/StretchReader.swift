import Bytes
import CSystem

#if canImport(Glibc)
    import Glibc
#endif

/// Reads a stretch of a file in order, and deciphers it where it lies: memory that was never touched costs more than the
/// cipher does.
///
/// `@unchecked Sendable`: it is for one reader at a time, who may be another thread for every piece.
public final class StretchReader: @unchecked Sendable {
    public enum Piece {
        case bytes([UInt8])
        /// Nothing is in memory: reading waits for the disk.
        case onDisk
    }

    private let file: OwnedDescriptor
    private let cipher: LayeredCipher?
    private let end: Int64
    private var offset: Int64

    /// - Throws: `CryptoError.malformed` for keys, a nonce or an offset that cannot be.
    public init(_ stretch: FileStretch) throws {
        file = stretch.file
        offset = stretch.range.lowerBound
        end = stretch.range.upperBound
        cipher = try stretch.cipher.map { try LayeredCipher($0, offset: stretch.range.lowerBound) }
    }

    public var isAtEnd: Bool { offset == end }

    /// The next bytes, at most `limit`; waits for the disk. Not at the end.
    ///
    /// - Throws: `ByteStreamError.truncated` where the file is shorter than the stretch: better a broken transfer than
    ///   wrong bytes.
    public func read(upTo limit: Int) throws -> [UInt8] {
        try piece(upTo: limit) { room, count, offset in
            let count = pread(file.number, room, count, off_t(offset))
            guard count > 0 else { throw ByteStreamError.truncated }
            return count
        }
    }

    /// As above, of what the system has in memory.
    public func readAtHand(upTo limit: Int) throws -> Piece {
        var isOnDisk = false
        let bytes = try piece(upTo: limit) { room, count, offset in
            let count = apus_read_at_hand(file.number, room, count, offset)
            guard count != 0 else { throw ByteStreamError.truncated }
            isOnDisk = count < 0
            return max(count, 0)
        }
        return isOnDisk ? .onDisk : .bytes(bytes)
    }

    /// Has the kernel fetch what comes next into memory, up to `count` bytes.
    public func fetchAhead(_ count: Int64) {
        posix_fadvise(file.number, off_t(offset), off_t(min(count, end - offset)), Int32(POSIX_FADV_WILLNEED))
    }

    private func piece(
        upTo limit: Int, _ read: (UnsafeMutableRawPointer?, Int, Int64) throws -> Int
    ) throws -> [UInt8] {
        let size = Int(min(Int64(limit), end - offset))
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            let count = try read(UnsafeMutableRawPointer(buffer.baseAddress), size, offset)
            let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
            if count > 0 { try cipher?.apply(to: UnsafeRawBufferPointer(bytes), into: bytes) }
            offset += Int64(count)
            filled = count
        }
    }
}
