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
    private var size: Int64 = 0
    private let nonce: [UInt8]?
    private let cipher: ObjectCipher?
    /// Of what was written so far, as it lies on the disk.
    private var crc = CRC64NVME()
    /// Written back by the kernel this far, or on the way: the sync at the end finds little left to do.
    private var flushedSize: Int64 = 0
    private static let flushStep: Int64 = 16 << 20

    /// - Parameter key: what the bytes are enciphered under; `nil` leaves them as they are.
    init(in files: ByteFiles, under key: DataKey?) async throws {
        self.files = files
        let nonce = key.map { _ in SecureRandom.bytes(AESCTR.nonceByteCount) }
        cipher = try key.flatMap { key in try nonce.map { try ObjectCipher(key, nonce: $0) } }
        self.nonce = nonce
        let path = files.incomingPath(of: name)
        descriptor = try await files.pool.run {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw FileError.last(path) }
            return descriptor
        }
    }

    deinit {
        // Still open: the upload was given up.
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(files.incomingPath(of: name))
    }

    func write(_ bytes: [UInt8]) async throws {
        let descriptor = descriptor
        let offset = size
        let path = files.incomingPath(of: name)
        size += Int64(bytes.count)
        let flush = flushStretch()
        try await files.pool.run { [self] in
            let stored = try cipher?.apply(to: bytes) ?? bytes
            crc.update(stored)
            try Self.write(stored, to: descriptor, at: offset, path)
            if let flush { Self.startWriteBack(descriptor, flush) }
        }
    }

    /// Makes bytes and name durable.
    func finish() async throws -> Segment {
        let (descriptor, incoming, path) = (descriptor, files.incomingPath(of: name), files.path(of: name))
        try await files.pool.run {
            guard fdatasync(descriptor) == 0 else { throw FileError.last(incoming) }
            guard rename(incoming, path) == 0 else { throw FileError.last(incoming) }
        }
        close(descriptor)
        self.descriptor = -1
        do {
            try await files.syncNames()
        } catch {
            files.remove([name])
            throw error
        }
        return Segment(file: name, size: size, crc: crc.value, nonce: nonce)
    }

    private func flushStretch() -> Range<Int64>? {
        guard size - flushedSize >= Self.flushStep else { return nil }
        defer { flushedSize = size }
        return flushedSize..<size
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, at offset: Int64, _ path: String) throws {
        try bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let count = pwrite(
                    descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written,
                    off_t(offset) + off_t(written))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { throw FileError.last(path) }
                written += count
            }
        }
    }

    /// Asks the kernel to begin writing this stretch to the disk, without waiting: a hint, so errors do not matter.
    private static func startWriteBack(_ descriptor: Int32, _ stretch: Range<Int64>) {
        apus_start_writeback(descriptor, stretch.lowerBound, stretch.upperBound - stretch.lowerBound)
    }
}
