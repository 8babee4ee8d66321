import Glibc

/// Writes the entries of an archive below one folder.
struct PackageFolder {
    struct Failure: Error {
        let path: String
        let code: Int32
    }

    let path: String

    /// Links come last, so that no file is written through one.
    func unpack(_ archive: ZipArchive) throws {
        try make(path)
        var made: Set<String> = []
        for entry in archive.entries where entry.kind != .symbolicLink {
            try makeParents(of: entry.path, made: &made)
            switch entry.kind {
            case .folder: if !entry.path.isEmpty { try make("\(path)/\(entry.path)") }
            case .file, .symbolicLink:
                try Self.write(
                    try archive.contents(of: entry), to: "\(path)/\(entry.path)",
                    mode: entry.isExecutable ? 0o755 : 0o644)
            }
        }
        for entry in archive.entries where entry.kind == .symbolicLink {
            try makeParents(of: entry.path, made: &made)
            let target = String(decoding: try archive.contents(of: entry), as: UTF8.self)
            guard Self.staysInside(target, from: entry.path) else {
                throw ZipArchive.Fault.malformed("link \(entry.path)")
            }
            if symlink(target, "\(path)/\(entry.path)") != 0 { throw Failure(path: entry.path, code: errno) }
        }
    }

    /// Writes a new file; an existing one, or a link in its place, is an error.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t, synced: Bool = false) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw Failure(path: path, code: errno) }
        defer { close(file) }
        fchmod(file, mode)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure(path: path, code: errno) }
            written += count
        }
        if synced, fsync(file) != 0 { throw Failure(path: path, code: errno) }
    }

    /// Removes a folder and what is in it; links are removed, not followed.
    static func remove(_ path: String) {
        if let listing = opendir(path) {
            while let entry = readdir(listing) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                let child = "\(path)/\(name)"
                if entry.pointee.d_type == UInt8(DT_DIR) { remove(child) } else { unlink(child) }
            }
            closedir(listing)
        }
        rmdir(path)
    }

    private func makeParents(of entry: String, made: inout Set<String>) throws {
        var folder = ""
        for part in entry.split(separator: "/").dropLast() {
            folder += "/" + part
            if made.insert(folder).inserted { try make(path + folder) }
        }
    }

    private func make(_ folder: String) throws {
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw Failure(path: folder, code: errno) }
        chmod(folder, 0o755)
    }

    private static func staysInside(_ target: String, from link: String) -> Bool {
        guard !target.hasPrefix("/"), !target.isEmpty, !target.utf8.contains(0) else { return false }
        var depth = link.split(separator: "/").count - 1
        for part in target.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return false }
        }
        return true
    }
}
