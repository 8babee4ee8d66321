import CSystem
import Glibc
import ServiceKit

/// A new file while its bytes arrive.
///
/// A large file's bytes go to the disk past the page cache (`O_DIRECT`), where the file system can do that: they cost half as
/// much, leave what others read in memory, and the sync at the end finds nothing left to do (decision 0092).
///
/// `@unchecked Sendable`: one task writes, and awaits each call before it makes the next. What goes on meanwhile has rooms of
/// its own.
final class ByteFileWriter: @unchecked Sendable {
    private let files: ByteFiles
    private let name = ByteFiles.newName()
    private var descriptor: Int32 = -1
    private var isDirect = false
    private var nameIsDurable: Task<Void, any Error>?
    private let nonce: [UInt8]?
    private let cipher: LayeredCipher?
    private var taking: Task<Void, any Error>?
    /// Bytes as they will lie on the disk, until they are worth a write.
    private var room: WriteRoom
    /// Full ones on their way to the disk, from the first.
    private var writes: [Task<WriteRoom, any Error>] = []
    private static let mostWrites = 2
    /// Of what was taken in so far, as it will lie on the disk.
    private var crc = CRC64NVME()
    /// Of rooms before the one that is being filled.
    private var size: Int64 = 0
    /// Smaller files may be read again at once: thumbnails, images, documents.
    private static let leastDirectSize: Int64 = 4 << 20
    /// What the kernel is asked to write back at once, where it keeps the bytes: the sync at the end finds little left to do.
    private static let flushStep: Int64 = 2 << 20

    /// - Parameters:
    ///   - size: how many bytes will come, where that is known.
    ///   - key: what the bytes are enciphered under; `nil` leaves them as they are.
    init(in files: ByteFiles, of size: Int64?, under key: DataKey?) async throws {
        self.files = files
        let nonce = key.map { _ in SecureRandom.bytes(AESCTR.nonceByteCount) }
        cipher = try key.flatMap { key in try nonce.map { try LayeredCipher(key.cipher($0)) } }
        self.nonce = nonce
        room = WriteRoom(for: size)
        try await files.pool.run { try self.create(isLarge: size ?? 0 >= Self.leastDirectSize) }
        // While the bytes arrive, so that nobody waits for it behind them.
        nameIsDurable = Task { try await files.syncNames() }
    }

    deinit {
        // Still open: the upload was given up.
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(path)
    }

    private var path: String { files.path(of: name) }

    /// Takes bytes, and goes on with them by itself: an error comes out of the next call.
    func write(_ bytes: [UInt8]) async throws {
        try await taking?.value
        taking = Task { try await take(all: bytes) }
    }

    private func take(all bytes: [UInt8]) async throws {
        var taken = 0
        while taken < bytes.count {
            let start = taken
            taken += try await files.pool.run { try self.take(bytes[start...]) }
            if room.isFull { try await passOn() }
        }
    }

    /// Has the full room written while the next one is filled.
    private func passOn() async throws {
        let (full, offset) = (room, size)
        size += Int64(full.filled)
        room = writes.count < Self.mostWrites ? WriteRoom(like: full) : try await writes.removeFirst().value
        writes.append(
            Task {
                try await files.pool.run { try self.write(full.bytes, at: offset) }
                full.filled = 0
                return full
            })
    }

    /// Makes bytes and name durable.
    func finish() async throws -> Segment {
        try await taking?.value
        while !writes.isEmpty { _ = try await writes.removeFirst().value }
        try await files.pool.run { try self.writeLast() }
        try await nameIsDurable?.value
        close(descriptor)
        descriptor = -1
        return Segment(file: name, size: size, crc: crc.value, nonce: nonce)
    }

    // MARK: On threads of the pool

    private func create(isLarge: Bool) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError.last(path) }
        isDirect = isLarge && apus_set_direct(descriptor, true)
    }

    /// - Returns: how many bytes there was room for.
    private func take(_ bytes: ArraySlice<UInt8>) throws -> Int {
        try bytes.withUnsafeBytes { bytes in
            let piece = UnsafeRawBufferPointer(rebasing: bytes.prefix(room.rest.count))
            let place = UnsafeMutableRawBufferPointer(rebasing: room.rest[..<piece.count])
            if let cipher { try cipher.apply(to: piece, into: place) } else { place.copyMemory(from: piece) }
            crc.update(UnsafeRawBufferPointer(place))
            room.filled += piece.count
            return piece.count
        }
    }

    private func writeLast() throws {
        let bytes = room.bytes
        // A file's last bytes are not a whole block.
        let whole = isDirect ? bytes.count - bytes.count % WriteRoom.blockSize : 0
        try write(UnsafeRawBufferPointer(rebasing: bytes[..<whole]), at: size)
        if isDirect { _ = apus_set_direct(descriptor, false) }
        try write(UnsafeRawBufferPointer(rebasing: bytes[whole...]), at: size + Int64(whole))
        size += Int64(bytes.count)
        guard fdatasync(descriptor) == 0 else { throw FileError.last(path) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
        var done = 0
        var mayBeDirect = isDirect
        while done < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset) + off_t(done))
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EINVAL && mayBeDirect {
                // A file system may take the flag and then want other sizes, and a write may stop anywhere.
                mayBeDirect = false
                _ = apus_set_direct(descriptor, false)
                continue
            }
            guard count > 0 else { throw FileError.last(path) }
            done += count
        }
        let end = offset + Int64(done)
        if !isDirect, end % Self.flushStep == 0 {
            // A hint, so errors do not matter.
            apus_start_writeback(descriptor, end - Self.flushStep, Self.flushStep)
        }
    }
}

/// Memory for bytes that go to the disk at once, in whole blocks past the page cache.
///
/// `@unchecked Sendable`: of one step of a file's writer at a time.
private final class WriteRoom: @unchecked Sendable {
    /// What positions and counts are multiples of, in files and in memory.
    static let blockSize = 4096
    private static let mostBlocks = 128

    private let memory: UnsafeMutableRawBufferPointer
    var filled = 0

    /// - Parameter size: how many bytes will come, where that is known.
    init(for size: Int64?) {
        let blocks = min((size ?? .max) / Int64(Self.blockSize), Int64(Self.mostBlocks) - 1) + 1
        memory = .allocate(byteCount: Int(blocks) * Self.blockSize, alignment: Self.blockSize)
    }

    init(like other: WriteRoom) {
        memory = .allocate(byteCount: other.memory.count, alignment: Self.blockSize)
    }

    deinit { memory.deallocate() }

    var isFull: Bool { filled == memory.count }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<filled]) }
    var rest: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: memory[filled...]) }
}
