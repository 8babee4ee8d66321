import Glibc
import ServiceKit
import Testing

/// The repository's own rules, as far as a program can hold them. STYLE.md says why.
@Suite struct TidyTests {
    private let files: [SourceFile]

    init() throws { files = try SourceFile.all() }

    @Test("Files stay short enough to be read; a longer one says why at its top")
    func fileLength() {
        for file in files where file.isOurs && file.lines.count > 400 {
            #expect(file.text.contains("// Long because "), "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test("Nothing is left to do: no marker stands for missing work")
    func noMarkers() {
        for file in files where !file.path.hasPrefix("Tests/Tidy/") {
            for marker in ["TODO", "FIXME", "XXX:", "HACK:", "not implemented yet"] {
                #expect(!file.text.contains(marker), "\(file.path) has \(marker)")
            }
        }
    }

    @Test("No file is named for being a bag of things")
    func fileNames() {
        for file in files {
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            for banned in ["Util", "Helper", "Common", "Manager", "Misc"] {
                #expect(!name.contains(banned), "\(file.path)")
            }
        }
    }

    @Test("Outside tests nothing is forced: no try! and no as!")
    func nothingForced() {
        for file in files where !file.path.hasPrefix("Tests/") {
            for (number, line) in file.code {
                #expect(!line.contains("try! ") && !line.contains(" as! "), "\(file.path):\(number)")
            }
        }
    }

    @Test("Unchecked Sendable says what protects it")
    func uncheckedSendable() {
        for file in files where !file.path.hasPrefix("Tests/") {
            for (number, line) in file.code where line.contains("@unchecked Sendable") {
                let before = file.lines[max(0, number - 12)..<max(0, number - 1)]
                #expect(before.contains { $0.contains("//") }, "\(file.path):\(number)")
            }
        }
    }

    @Test("SQL stands only in stores and schemas")
    func sqlInStores() {
        let words = ["SELECT ", "INSERT INTO", "DELETE FROM", "UPDATE ", "CREATE TABLE"]
        for file in files where file.path.hasPrefix("Services/") {
            guard file.lines.contains(where: { line in words.contains { line.contains("\"\($0)") } }) else { continue }
            let isStore =
                file.path.contains("Store") || file.path.hasSuffix("Schema.swift")
                || file.text.contains("extension Snapshot") || file.text.contains("extension Transaction")
            #expect(isStore, "\(file.path)")
        }
    }

    @Test("A service never imports one of another executable")
    func imports() {
        let owners = files.filter { $0.path.hasPrefix("Services/") }.reduce(into: [String: String]()) { owners, file in
            let parts = file.path.split(separator: "/").map(String.init)
            if parts.count > 3 { owners[parts[2]] = parts[1] }
        }
        for file in files where file.path.hasPrefix("Services/") {
            let own = file.path.split(separator: "/").map(String.init)[1]
            for name in file.imports {
                guard let owner = owners[name], name != "Main" else { continue }
                #expect(owner == own, "\(file.path) imports \(name)")
            }
        }
    }

    @Test("The wire ends at the gateway: only it imports the protocols; auth alone derives its signing keys")
    func wire() {
        let keyDerivation = "Services/Auth/IAM/ResolveCredential.swift"
        for file in files where file.path.hasPrefix("Services/") && !file.path.hasPrefix("Services/Gateway/") {
            #expect(!file.imports.contains("AWSWire"), "\(file.path)")
            #expect(!file.imports.contains("AWSSignature") || file.path == keyDerivation, "\(file.path)")
        }
    }

    @Test("Hot paths do without Foundation")
    func noFoundation() {
        for file in files where file.isOurs && !file.path.hasPrefix("Tests/") {
            #expect(!file.imports.contains("Foundation"), "\(file.path)")
        }
    }

    @Test("No C module defines _GNU_SOURCE: types would differ from those of Swift's Glibc module")
    func gnuSource() throws {
        // What Swift imports; headers between the files of a C target may define what they like.
        for path in SourceFile.paths(under: "Shared", endingIn: [".h"])
        where path.hasSuffix("/shim.h") || path.contains("/include/") {
            let text = String(decoding: try FileBytes.read("\(SourceFile.root)/\(path)", limit: 1 << 20), as: UTF8.self)
            #expect(!text.contains("#define _GNU_SOURCE"), "\(path)")
        }
    }
}

/// A Swift file of this repository.
private struct SourceFile {
    let path: String
    let text: String
    let lines: [Substring]

    static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
        separator: "/")

    var isOurs: Bool { path.hasPrefix("Services/") || path.hasPrefix("Shared/") }

    /// Lines with their numbers, comments left out.
    var code: [(Int, Substring)] {
        lines.enumerated().filter { !$0.element.drop { $0 == " " }.hasPrefix("//") }.map { ($0.offset + 1, $0.element) }
    }

    var imports: Set<String> {
        Set(
            lines.compactMap { line in
                let words = line.split(separator: " ")
                guard let place = words.firstIndex(of: "import"), place < 2, words.count > place + 1 else { return nil }
                return String(words[place + 1])
            })
    }

    static func all() throws -> [SourceFile] {
        try ["Services", "Shared", "Tests", "Benchmarks"].flatMap { folder in
            try paths(under: folder, endingIn: [".swift"]).map { path in
                let text = String(decoding: try FileBytes.read("\(root)/\(path)", limit: 4 << 20), as: UTF8.self)
                return SourceFile(
                    path: path, text: text, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
            }
        }
    }

    static func paths(under folder: String, endingIn suffixes: [String]) -> [String] {
        guard let directory = opendir("\(root)/\(folder)") else { return [] }
        defer { closedir(directory) }
        var found: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            if entry.pointee.d_type == UInt8(DT_DIR) {
                found += paths(under: "\(folder)/\(name)", endingIn: suffixes)
            } else if suffixes.contains(where: name.hasSuffix) {
                found.append("\(folder)/\(name)")
            }
        }
        return found
    }
}
