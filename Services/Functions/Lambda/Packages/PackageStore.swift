import CSystem
import Glibc
import Sandbox
import ServiceKit

/// Deployment packages, unpacked and compiled once, each under the digest of its archive.
///
///     <folder>/<digest>/package.zip   as it was uploaded
///     <folder>/<digest>/code/         becomes /var/task
///     <folder>/<digest>/cache/        byte-code, where the runtime has any
struct PackageStore: Sendable {
    /// What Lambda takes in one request, and unpacked.
    static let archiveLimit = 262_144_000
    static let unpackedLimit = 262_144_000

    let folder: String
    let sandbox: Sandbox

    init(folder: String, sandbox: Sandbox) throws {
        self.folder = folder
        self.sandbox = sandbox
        try FileBytes.makeDirectory(folder)
    }

    /// Unpacks an archive, unless it is here already, and compiles it for `runtime`.
    ///
    /// - Throws: `ServiceError` in AWS's words for an archive that cannot be used.
    func add(_ archive: [UInt8], for runtime: Runtime) async throws -> Package {
        try await add(archive, compiledFor: runtime)
    }

    /// Unpacks the archive of a layer, which many runtimes may use.
    ///
    /// - Returns: the package, and what it measures unpacked.
    /// - Throws: `ServiceError` in AWS's words for an archive that cannot be used.
    func addLayer(_ archive: [UInt8]) async throws -> (Package, unpackedSize: Int) {
        let size = try Self.read(archive).entries.reduce(0) { $0 + $1.length }
        return (try await add(archive, compiledFor: nil), size)
    }

    private func add(_ archive: [UInt8], compiledFor runtime: Runtime?) async throws -> Package {
        let digest = SHA256.hash(archive)
        let package = Package(digest: digest, size: archive.count)
        // Also says that it is wanted again, should it have lain unused.
        if utimensat(AT_FDCWD, "\(folder)/\(package.name)", nil, 0) == 0 { return package }
        let zip = try Self.read(archive)
        let draft = "\(package.name).\(Identifier.lowercase(8)).new"
        do {
            try unpack(zip, archive, into: "\(folder)/\(draft)")
            if let runtime, runtime.compilesPackages { try await compile(draft, with: runtime) }
            try publish(draft, as: package)
        } catch let fault as ZipArchive.Fault {
            PackageFolder.remove("\(folder)/\(draft)")
            throw ServiceError.unusableArchive(fault)
        } catch {
            PackageFolder.remove("\(folder)/\(draft)")
            throw error
        }
        return package
    }

    /// Removes packages that no function uses, and drafts of an earlier life. Only before functions run.
    ///
    /// - Parameter age: how long nobody may have wanted them.
    func removeAll(but used: Set<String>, olderThan age: Duration) {
        guard let listing = opendir(folder) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") || used.contains(name) || !Self.isOlder("\(folder)/\(name)", than: age) { continue }
            PackageFolder.remove("\(folder)/\(name)")
        }
    }

    private static func isOlder(_ path: String, than age: Duration) -> Bool {
        if age == .zero { return true }
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        return time(nil) - status.st_mtim.tv_sec > Int(age.components.seconds)
    }

    private static func read(_ archive: [UInt8]) throws -> ZipArchive {
        do {
            return try ZipArchive(archive, limit: unpackedLimit)
        } catch {
            throw ServiceError.unusableArchive(error)
        }
    }

    private func unpack(_ zip: ZipArchive, _ archive: [UInt8], into draft: String) throws {
        try FileBytes.makeDirectory(draft)
        chmod(draft, 0o755)
        try PackageFolder(path: draft + "/code").unpack(zip)
        try PackageFolder.write(archive, to: draft + "/package.zip", mode: 0o600)
        // Writable for the one environment that compiles, then for nobody.
        guard mkdir(draft + "/cache", 0o777) == 0 else { throw PackageFolder.Failure(path: draft, code: errno) }
        chmod(draft + "/cache", 0o777)
    }

    private static let compilationTimeout = Duration.seconds(60)

    /// Runs the compiler in an environment of its own: the sources are as little trusted as the code.
    private func compile(_ draft: String, with runtime: Runtime) async throws {
        let environment = try await sandbox.take(runtime)
        var order = StartOrder(code: draft + "/code", memoryMegabytes: 1024)
        order.command = ["compile"]
        order.cache = draft + "/cache"
        order.writesCache = true
        try environment.start(order) { _ in }
        let timer = Task {
            try await Task.sleep(for: Self.compilationTimeout)
            environment.kill()
        }
        // Sources that do not compile are the function's own affair, when it starts.
        _ = await environment.exit()
        timer.cancel()
        chmod("\(folder)/\(draft)/cache", 0o755)
    }

    /// Durable and complete before it has its name.
    private func publish(_ draft: String, as package: Package) throws {
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw PackageFolder.Failure(path: folder, code: errno) }
        defer { close(directory) }
        guard apus_sync_file_system(directory) == 0 else { throw PackageFolder.Failure(path: folder, code: errno) }
        if rename("\(folder)/\(draft)", "\(folder)/\(package.name)") != 0 {
            // Somebody else published the same bytes meanwhile.
            guard errno == ENOTEMPTY || errno == EEXIST else { throw PackageFolder.Failure(path: draft, code: errno) }
            PackageFolder.remove("\(folder)/\(draft)")
        }
        fsync(directory)
    }
}

/// An archive's digest and size: what a function's version refers to.
struct Package: Sendable, Equatable {
    /// Base64 of the archive's SHA-256, as `CodeSha256` shows it.
    let codeSHA256: String
    let size: Int
    /// The folder's name.
    let name: String

    init(digest: [UInt8], size: Int) {
        codeSHA256 = Base64.string(digest)
        name = String(decoding: Hex.encode(digest), as: UTF8.self)
        self.size = size
    }

    /// From what a version's configuration says.
    init?(codeSHA256: String, size: Int) {
        guard let digest = Base64.decode(codeSHA256.utf8) else { return nil }
        self.init(digest: digest, size: size)
    }
}
