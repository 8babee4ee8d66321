import Glibc

/// The names in a folder, without `.` and `..`.
enum FolderListing {
    /// - Throws: `FileError`
    static func names(in folder: String) throws -> [String] {
        try FolderWalk(folder).next(.max).map { String(decoding: $0, as: UTF8.self) }.filter { $0 != "." && $0 != ".." }
    }
}

/// The names in a folder, some at a time: a listing of millions need not be had at once.
///
/// `@unchecked Sendable`: whoever walks asks for one step after the other.
final class FolderWalk: @unchecked Sendable {
    private let directory: OpaquePointer

    /// - Throws: `FileError`
    init(_ folder: String) throws {
        guard let directory = opendir(folder) else { throw FileError.last(folder) }
        self.directory = directory
    }

    deinit { closedir(directory) }

    /// The next names, `.` and `..` among them; none at the end.
    func next(_ count: Int) -> [[UInt8]] {
        var names: [[UInt8]] = []
        while names.count < count, let entry = readdir(directory) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { name in Array(name.prefix { $0 != 0 }) })
        }
        return names
    }
}
