import Glibc
import Testing

/// Inputs kept under `Tests/Corpus`, one a file, in the order of their names.
enum Corpus {
    static func load(_ folder: String, file: String = #filePath) throws -> [[UInt8]] {
        let tests = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        let path = tests + "/Corpus/" + folder
        let inputs = try names(in: path).map { try read(path + "/" + $0) }
        try #require(!inputs.isEmpty)
        return inputs
    }

    private static func names(in path: String) throws -> [String] {
        let folder = try #require(opendir(path), "no folder \(path)")
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "rb"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }

    /// How many inputs a fuzzer tries; more by `FUZZ_INPUTS` in the environment.
    static var inputs: Int {
        guard let text = getenv("FUZZ_INPUTS") else { return 4_000 }
        return Int(String(cString: text)) ?? 4_000
    }
}
