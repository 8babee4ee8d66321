import Crypto
import Glibc
import ServiceKit

/// A file of items as they are stored: `[length:4][CRC-32:4][bytes]`, one after the other, little-endian.
///
/// Written under another name, synced, renamed: a file that is there is whole. The folder belongs to this service alone.
struct BackupFolder: Sendable {
    /// Bytes of an item at most: an exported change holds two images of one.
    private static let itemSize = ItemLimits.itemSize * 4

    let path: String

    func path(of name: String) -> String { "\(path)/\(name)" }

    /// Writes a file by what `body` appends.
    func write<Result>(_ name: String, _ body: (inout BackupFileWriter) throws -> Result) throws -> Result {
        try FileBytes.makeDirectory(path)
        let draft = path(of: name) + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileBytes.Failure(path: draft, code: errno) }
        defer { close(descriptor) }
        do {
            var writer = BackupFileWriter(descriptor: descriptor, path: draft)
            let result = try body(&writer)
            try writer.finish()
            guard rename(draft, path(of: name)) == 0 else { throw FileBytes.Failure(path: draft, code: errno) }
            try syncFolder()
            return result
        } catch {
            unlink(draft)
            throw error
        }
    }

    /// Removes what nothing refers to: drafts, and files whose record was never written.
    func sweep(keeping names: Set<String>) {
        guard let listing = opendir(path) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix("."), !names.contains(name) { remove(name) }
        }
    }

    /// Removes a file; one that is gone already is no fault.
    func remove(_ name: String) { unlink(path(of: name)) }

    private func syncFolder() throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileBytes.Failure(path: path, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileBytes.Failure(path: path, code: errno) }
    }

    /// Reads items from an offset on, up to so many.
    ///
    /// - Returns: the items and the offset behind them; no items at the end of the file.
    func read(_ name: String, from offset: Int64, limit: Int) throws -> (items: [StoredItem], next: Int64) {
        let descriptor = open(path(of: name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileBytes.Failure(path: path(of: name), code: errno) }
        defer { close(descriptor) }
        var items: [StoredItem] = []
        var position = offset
        while items.count < limit {
            var head = [UInt8](repeating: 0, count: 8)
            let count = pread(descriptor, &head, 8, off_t(position))
            if count == 0 { break }
            guard count == 8 else { throw DamagedItem() }
            let length = Int(Self.number(head[0..<4]))
            guard length <= Self.itemSize else { throw DamagedItem() }
            var bytes = [UInt8](repeating: 0, count: length)
            guard pread(descriptor, &bytes, length, off_t(position + 8)) == length else { throw DamagedItem() }
            guard BackupFileWriter.checksum(bytes) == Self.number(head[4..<8]) else { throw DamagedItem() }
            items.append(StoredItem(bytes: bytes))
            position += Int64(8 + length)
        }
        return (items, position)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Appends items to a file being written.
struct BackupFileWriter {
    private static let bufferSize = 1 << 20

    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private(set) var items: Int64 = 0
    /// Of the items, as DynamoDB counts them.
    private(set) var size: Int64 = 0

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    mutating func append(_ item: StoredItem) throws {
        append(UInt32(item.bytes.count))
        append(Self.checksum(item.bytes))
        buffer += item.bytes
        items += 1
        size += Int64(try item.size())
        if buffer.count >= Self.bufferSize { try flush() }
    }

    mutating func finish() throws {
        try flush()
        guard fsync(descriptor) == 0 else { throw FileBytes.Failure(path: path, code: errno) }
    }

    private mutating func flush() throws {
        var start = 0
        while start < buffer.count {
            let count = buffer[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { throw FileBytes.Failure(path: path, code: errno) }
            start += max(0, count)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ number: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            buffer.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var checksum = CRC32()
        bytes.withUnsafeBytes { checksum.update($0) }
        return checksum.value
    }
}
