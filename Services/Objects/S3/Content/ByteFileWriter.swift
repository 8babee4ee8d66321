import CSystem
import Glibc
import ServiceKit

/// A new file while its bytes arrive.
///
/// `@unchecked Sendable`: one task writes, and awaits each call on the pool before it makes the next.
final class ByteFileWriter: @unchecked Sendable {
    private let files: ByteFiles
    private let name = ByteFiles.newName()
    private var descriptor: Int32
    private var nameIsDurable: Task<Void, any Error>?
    private var size: Int64 = 0
    private let nonce: [UInt8]?
    private let cipher: LayeredCipher?
    /// Of what was written so far, as it lies on the disk.
    private var crc = CRC64NVME()
    /// Written back by the kernel this far, or on the way: the sync at the end finds little left to do.
    private var flushedSize: Int64 = 0
    private static let flushStep: Int64 = 2 << 20
    /// Where bytes are enciphered: its pages are touched once a file, not once a piece.
    private var room: [UInt8] = []
    private static let roomSize = 512 << 10

    /// - Parameter key: what the bytes are enciphered under; `nil` leaves them as they are.
    init(in files: ByteFiles, under key: DataKey?) async throws {
        self.files = files
        let nonce = key.map { _ in SecureRandom.bytes(AESCTR.nonceByteCount) }
        cipher = try key.flatMap { key in try nonce.map { try LayeredCipher(key.cipher($0)) } }
        self.nonce = nonce
        let path = files.path(of: name)
        descriptor = try await files.pool.run {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw FileError.last(path) }
            return descriptor
        }
        // While the bytes arrive, so that nobody waits for it behind them.
        nameIsDurable = Task { try await files.syncNames() }
    }

    deinit {
        // Still open: the upload was given up.
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(files.path(of: name))
    }

    func write(_ bytes: [UInt8]) async throws {
        let descriptor = descriptor
        let offset = size
        let path = files.path(of: name)
        size += Int64(bytes.count)
        let flush = flushStretch()
        try await files.pool.run { [self] in
            try bytes.withUnsafeBytes { try store($0, in: descriptor, at: offset, path) }
            if let flush { Self.startWriteBack(descriptor, flush) }
        }
    }

    private func store(
        _ bytes: UnsafeRawBufferPointer, in descriptor: Int32, at offset: Int64, _ path: String
    ) throws {
        guard let cipher else { return try write(bytes, to: descriptor, at: offset, path) }
        makeRoom(for: bytes.count)
        var done = 0
        while done < bytes.count {
            let piece = UnsafeRawBufferPointer(rebasing: bytes[done..<min(done + room.count, bytes.count)])
            try room.withUnsafeMutableBytes { room in
                try cipher.apply(to: piece, into: room)
                let stored = UnsafeRawBufferPointer(rebasing: room[..<piece.count])
                try write(stored, to: descriptor, at: offset + Int64(done), path)
            }
            done += piece.count
        }
    }

    private func makeRoom(for count: Int) {
        let size = min(count, Self.roomSize)
        guard room.count < size else { return }
        room = [UInt8](unsafeUninitializedCapacity: size) { _, filled in filled = size }
    }

    /// Makes bytes and name durable.
    func finish() async throws -> Segment {
        let (descriptor, path) = (descriptor, files.path(of: name))
        try await files.pool.run {
            guard fdatasync(descriptor) == 0 else { throw FileError.last(path) }
        }
        try await nameIsDurable?.value
        close(descriptor)
        self.descriptor = -1
        return Segment(file: name, size: size, crc: crc.value, nonce: nonce)
    }

    private func flushStretch() -> Range<Int64>? {
        guard size - flushedSize >= Self.flushStep else { return nil }
        defer { flushedSize = size }
        return flushedSize..<size
    }

    /// Writes bytes as they lie on the disk.
    private func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int64, _ path: String
    ) throws {
        crc.update(bytes)
        var written = 0
        while written < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written,
                off_t(offset) + off_t(written))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw FileError.last(path) }
            written += count
        }
    }

    /// Asks the kernel to begin writing this stretch to the disk, without waiting: a hint, so errors do not matter.
    private static func startWriteBack(_ descriptor: Int32, _ stretch: Range<Int64>) {
        apus_start_writeback(descriptor, stretch.lowerBound, stretch.upperBound - stretch.lowerBound)
    }
}
