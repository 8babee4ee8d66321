import Glibc

/// The executables of the stack: every `apus-…` beside this one.
enum Executables {
    static let prefix = "apus-"
    /// Executables that a service starts for itself.
    private static let helpers: Set<String> = ["zygote"]

    /// Names without the prefix, in alphabetical order: `auth`, `gateway`, ….
    static func find(in directory: String) -> [String] {
        FolderListing.names(in: directory)
            .filter { isService($0) && isExecutable("\(directory)/\($0)") }
            .map { String($0.dropFirst(prefix.count)) }
    }

    /// A build folder has neighbours such as `apus-gateway.build` and `apus-gateway.swiftmodule`.
    static func isService(_ file: String) -> Bool {
        let name = file.dropFirst(prefix.count)
        return file.hasPrefix(prefix) && !name.isEmpty && !helpers.contains(String(name))
            && name.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// The folder of the running executable.
    static func ownDirectory() -> String {
        let path = ownPath()
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    static func ownPath() -> String {
        var path = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &path, path.count)
        return String(decoding: path.prefix(max(length, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
