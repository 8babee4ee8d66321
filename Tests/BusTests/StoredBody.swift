import Bytes
import Crypto
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A body that lies in files, enciphered, one after the other; knows how it was read.
final class StoredBody: Sendable {
    private static let cipher = FileCipher(
        nonce: [UInt8](repeating: 9, count: 12), keys: [1, 2].map { [UInt8](repeating: $0, count: 32) })

    let bytes: [UInt8]
    let paths: [String]
    private let pulled = Atomic(0)
    private let taken = Atomic(0)

    /// - Parameter folder: where the files are made.
    init(_ sizes: [Int], in folder: String) throws {
        bytes = SecureRandom.bytes(sizes.reduce(0, +))
        paths = sizes.indices.map { "\(folder)/stored-\($0)" }
        var start = 0
        for (path, size) in zip(paths, sizes) {
            let file = OwnedDescriptor(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
            let stored = try LayeredCipher(Self.cipher).apply(to: bytes[start..<start + size])
            try #require(stored.withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) } == size)
            start += size
        }
    }

    /// Pieces of bytes the owner had to read itself.
    var pulledCount: Int { pulled.load(ordering: .relaxed) }

    /// Files that were taken, to be read or to be handed over.
    var takenCount: Int { taken.load(ordering: .relaxed) }

    /// Descriptors of this process that are open on the files.
    var openCount: Int { get throws { try Self.openCount(of: paths) } }

    static func openCount(of paths: [String]) throws -> Int {
        let folder = try #require(opendir("/proc/self/fd"))
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var target = [CChar](repeating: 0, count: 4096)
            let length = readlink("/proc/self/fd/\(name)", &target, target.count)
            guard length > 0 else { continue }
            let path = String(decoding: target.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
            if paths.contains(path) { count += 1 }
        }
        return count
    }

    func cutShort() { truncate(paths[0], off_t(1000)) }

    func stream() -> ByteStream {
        let stretches = Mutex(
            paths.map { path in
                let file = OwnedDescriptor(open(path, O_RDONLY | O_CLOEXEC))
                var status = stat()
                fstat(file.number, &status)
                return FileStretch(file: file, range: 0..<Int64(status.st_size), cipher: Self.cipher)
            })
        let take: @Sendable () -> FileStretch? = { [self] in
            taken.add(1, ordering: .relaxed)
            return stretches.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
        return ByteStream(length: bytes.count, nextStretch: take) { [self] in
            guard let stretch = take() else { return nil }
            pulled.add(1, ordering: .relaxed)
            return try StretchReader(stretch).read(upTo: .max)
        }
    }
}

extension StoredBody {
    /// Takes the files out of the page cache, where the file system has one.
    func forgetContent() throws {
        for path in paths {
            let file = OwnedDescriptor(open(path, O_RDONLY | O_CLOEXEC))
            try #require(fsync(file.number) == 0)
            posix_fadvise(file.number, 0, 0, Int32(POSIX_FADV_DONTNEED))
        }
    }
}
