import Glibc
import ServiceKit

extension PackageStore {
    /// The folder of packages laid over each other in this order.
    static func unionName(of names: [String]) -> String {
        "layers-" + Hex.string(SHA256.hash(names.joined(separator: "+")))
    }

    /// Packages laid over each other, the later over the earlier, relative to the store.
    ///
    /// Made of hard links where it is first asked for, so it costs names and no bytes; `removeAll` takes it away.
    func union(of names: [String]) throws -> String {
        if names.count == 1 { return "\(names[0])/code" }
        let name = Self.unionName(of: names)
        if access("\(folder)/\(name)", F_OK) == 0 { return name }
        let draft = "\(folder)/\(name).\(Identifier.lowercase(8)).new"
        do {
            for package in names { try LayeredFolder.lay("\(folder)/\(package)/code", over: draft) }
            if rename(draft, "\(folder)/\(name)") != 0, errno != ENOTEMPTY, errno != EEXIST {
                throw PackageFolder.Failure(path: draft, code: errno)
            }
        } catch {
            PackageFolder.remove(draft)
            throw error
        }
        PackageFolder.remove(draft)
        return name
    }
}

/// Lays one folder over another. No link is followed: not one that is copied, and not one that is in the way.
enum LayeredFolder {
    static func lay(_ source: String, over target: String) throws {
        guard mkdir(target, 0o755) == 0 || errno == EEXIST else { throw failure(target) }
        guard let listing = opendir(source) else { throw failure(source) }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let (from, to) = ("\(source)/\(name)", "\(target)/\(name)")
            let isFolder = try self.isFolder(from) ?? false
            try makeRoom(at: to, forFolder: isFolder)
            if isFolder {
                try lay(from, over: to)
            } else if linkat(AT_FDCWD, from, AT_FDCWD, to, 0) != 0 {
                throw failure(to)
            }
        }
    }

    /// Removes what a folder or file of the same name cannot be laid over.
    private static func makeRoom(at path: String, forFolder: Bool) throws {
        guard let isFolder = try isFolder(path) else { return }
        if isFolder {
            if !forFolder { PackageFolder.remove(path) }
        } else if unlink(path) != 0 {
            throw failure(path)
        }
    }

    /// `nil` where there is nothing.
    private static func isFolder(_ path: String) throws -> Bool? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw failure(path)
        }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    private static func failure(_ path: String) -> PackageFolder.Failure {
        PackageFolder.Failure(path: path, code: errno)
    }
}
