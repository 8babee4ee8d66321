import Glibc
import ServiceKit

/// `apus reset`
struct Reset {
    let stack: Stack
    let options: Invocation.Options

    func run() throws -> Int32 {
        guard try RootCredentials.existing(in: stack.dataDirectory) != nil else {
            Terminal.say("There is no stack in \(stack.dataDirectory).")
            return 0
        }
        // Held until the end, so that nobody starts the stack half-way.
        guard let lock = try StackLock.take(stack.lockPath) else { throw StillRunning(stack: stack.dataDirectory) }
        guard options.isConfirmed || isConfirmedByUser() else { return 1 }
        try withExtendedLifetime(lock) { try FileTree.remove(stack.dataDirectory) }
        return 0
    }

    private func isConfirmedByUser() -> Bool {
        Terminal.write("Delete everything in \(stack.dataDirectory)? [y/N] ", to: STDOUT_FILENO)
        return ["y", "yes"].contains(readLine()?.lowercased())
    }
}

struct StillRunning: Error, CustomStringConvertible {
    let stack: String
    var description: String { "the stack in \(stack) is running; stop it first: apus down" }
}

/// Folders and all below them.
enum FileTree {
    /// Links are removed, not followed.
    static func remove(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw FileBytes.Failure(path: path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard unlink(path) == 0 else { throw FileBytes.Failure(path: path, code: errno) }
            return
        }
        for name in FolderListing.names(in: path) { try remove("\(path)/\(name)") }
        guard rmdir(path) == 0 else { throw FileBytes.Failure(path: path, code: errno) }
    }
}
