import Foundation
import TestSupport
import Testing

@testable import Lambda

@Suite("Deployment packages")
struct ZipArchiveTests {
    private func archive(_ entries: [ZipFile.Entry], limit: Int = 1 << 20) throws -> ZipArchive {
        try ZipArchive(ZipFile(entries).bytes, limit: limit)
    }

    @Test("Deflated archives of Python's zipfile are read to the byte, with modes and folders")
    func readsDeflated() async throws {
        try await TemporaryFolder.with { folder in
            let script = """
                import sys, zipfile
                with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
                    z.writestr('a/b.txt', 'x' * 100000)
                    z.writestr('empty', '')
                    i = zipfile.ZipInfo('run'); i.external_attr = 0o100755 << 16; z.writestr(i, '#!/bin/sh')
                    z.comment = b'made by a test'
                """
            Program.run(["/usr/bin/python3", "-c", script, folder + "/z.zip"])
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/z.zip")))
            let archive = try ZipArchive(bytes, limit: 1 << 20)
            #expect(archive.entries.map(\.path) == ["a/b.txt", "empty", "run"])
            #expect(archive.entries.map(\.isExecutable) == [false, false, true])
            #expect(try archive.contents(of: archive.entries[0]) == Array(repeating: UInt8(ascii: "x"), count: 100_000))
            #expect(try archive.contents(of: archive.entries[1]) == [])
            try PackageFolder(path: folder + "/out").unpack(archive)
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/out/run")[.posixPermissions] as? Int
            #expect(mode == 0o755)
        }
    }

    @Test(
        "Paths that leave the folder are refused",
        arguments: ["../x", "/etc/passwd", "a/../../x", "a\\..\\..\\x", "a\0b"])
    func refusesTraversal(_ path: String) {
        #expect(throws: ZipArchive.Fault.self) { try archive([.init(name: path, contents: [1])]) }
    }

    @Test("Links that leave the folder are refused, and nothing is written through a link")
    func refusesLinks() async throws {
        try await TemporaryFolder.with { folder in
            for target in ["/etc", "../..", "a/../../../x"] {
                let zip = try archive([.init(name: "d/link", contents: Array(target.utf8), mode: 0o120777)])
                #expect(throws: ZipArchive.Fault.self) { try PackageFolder(path: folder + "/1").unpack(zip) }
            }
            let trick = try archive([
                .init(name: "link", contents: Array("victim".utf8), mode: 0o120777),
                .init(name: "link/file", contents: Array("x".utf8)),
                .init(name: "victim/other", contents: []),
            ])
            #expect(throws: PackageFolder.Failure.self) { try PackageFolder(path: folder + "/2").unpack(trick) }
            #expect(!FileManager.default.fileExists(atPath: folder + "/2/victim/file"))
        }
    }

    @Test("An archive that would unpack to more than the limit is refused before a byte is unpacked")
    func refusesBombs() {
        let big = ZipFile.Entry(name: "a", contents: [UInt8](repeating: 0, count: 600))
        #expect(throws: ZipArchive.Fault.tooLarge) {
            try archive([big, .init(name: "b", contents: big.contents)], limit: 1000)
        }
    }

    @Test("Damaged bytes are found by their checksum")
    func checksChecksum() throws {
        var bytes = ZipFile(["a": "hello"]).bytes
        bytes[31] ^= 1
        let archive = try ZipArchive(bytes, limit: 100)
        #expect(throws: ZipArchive.Fault.malformed("checksum of a")) { try archive.contents(of: archive.entries[0]) }
    }

    @Test("No cut and no flipped byte of an archive makes the reader do more than refuse")
    func survivesDamage() throws {
        let bytes = ZipFile(["app.py": "def handler(event, context): pass", "b/c": "x"]).bytes
        for length in 0..<bytes.count { read(Array(bytes[..<length])) }
        for index in bytes.indices {
            for value in [0x00, 0xff, bytes[index] ^ 0x80] as [UInt8] {
                var damaged = bytes
                damaged[index] = value
                read(damaged)
            }
        }
    }

    private func read(_ bytes: [UInt8]) {
        guard let archive = try? ZipArchive(bytes, limit: 4096) else { return }
        for entry in archive.entries { _ = try? archive.contents(of: entry) }
    }
}
