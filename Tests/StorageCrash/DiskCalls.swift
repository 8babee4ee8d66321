import Glibc
import Synchronization

// SQLite's calls to the C library find these first, because the executable comes first in the search order:
// each is a place to die, a place for the disk to be full, and a sync copies what is now safe to the mirror.

private func original<Function>(_ name: String, as type: Function.Type) -> Function {
    let next = UnsafeMutableRawPointer(bitPattern: -1)  // RTLD_NEXT
    guard let symbol = dlsym(next, name) else { fatalError("no \(name)") }
    return unsafeBitCast(symbol, to: type)
}

private let realWrite = original(
    "pwrite64", as: (@convention(c) (Int32, UnsafeRawPointer?, Int, off_t) -> Int).self)
private let realSync = original("fdatasync", as: (@convention(c) (Int32) -> Int32).self)
private let realTruncate = original("ftruncate64", as: (@convention(c) (Int32, off_t) -> Int32).self)
private let realUnlink = original("unlink", as: (@convention(c) (UnsafePointer<CChar>) -> Int32).self)

/// While set, every write fails as on a full disk.
let diskIsFull = Atomic<Bool>(false)

@_cdecl("pwrite64")
public func writeWithCrashes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ offset: off_t) -> Int {
    CrashPoint.reach("disk")
    if diskIsFull.load(ordering: .relaxed) {
        errno = ENOSPC
        return -1
    }
    return realWrite(file, bytes, count, offset)
}

@_cdecl("fdatasync")
public func syncWithCrashes(_ file: Int32) -> Int32 {
    CrashPoint.reach("disk")
    let result = realSync(file)
    if result == 0 { Mirror.shared?.copy(file) }
    return result
}

@_cdecl("ftruncate64")
public func truncateWithCrashes(_ file: Int32, _ size: off_t) -> Int32 {
    CrashPoint.reach("disk")
    return realTruncate(file, size)
}

@_cdecl("unlink")
public func unlinkWithCrashes(_ path: UnsafePointer<CChar>) -> Int32 {
    CrashPoint.reach("disk")
    let result = realUnlink(path)
    if result == 0 { Mirror.shared?.remove(String(cString: path)) }
    return result
}

/// What would be on the disk after a loss of power that kept nothing unsynced: `APUS_MIRROR=<folder>`.
final class Mirror: Sendable {
    static let shared = getenv("APUS_MIRROR").map { Mirror(String(cString: $0)) }

    private let folder: String
    private let copying = Mutex(())

    init(_ folder: String) { self.folder = folder }

    /// Copies the synced file beside and renames it, so that a crash leaves no half copy.
    func copy(_ file: Int32) {
        copying.withLock { _ in
            var path = [CChar](repeating: 0, count: 4096)
            let length = readlink("/proc/self/fd/\(file)", &path, path.count)
            guard length > 0 else { return }
            let name = fileName(String(decoding: path.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self))
            guard name.contains(".db") else { return }
            var bytes = [UInt8](repeating: 0, count: Int(lseek(file, 0, SEEK_END)))
            guard pread(file, &bytes, bytes.count, 0) == bytes.count else { return }
            let copy = open("\(folder)/copy", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            guard write(copy, bytes, bytes.count) == bytes.count else { fatalError("mirror: short write") }
            close(copy)
            rename("\(folder)/copy", "\(folder)/\(name)")
        }
    }

    func remove(_ path: String) { copying.withLock { _ in _ = realUnlink("\(folder)/\(fileName(path))") } }

    private func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
