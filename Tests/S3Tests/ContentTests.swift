import Glibc
import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite("Bytes on their way to the disk and back")
struct ContentTests {
    /// About the edges of blocks (4 KiB), of pieces (512 KiB) and of what goes past the page cache (4 MiB).
    static let sizes = [
        0, 1, 4095, 4096, 4097, 524_287, 524_288, 524_289, 4_194_303, 4_194_304, 4_194_305, 4_198_400, 5_243_213,
    ]

    /// `/dev/shm` stands for file systems that may not know direct writes.
    @Test("They are read as they were sent, however they were cut", arguments: sizes, ["/tmp", "/dev/shm"])
    func roundTrip(size: Int, place: String) async throws {
        try await Self.with(folderIn: place) { files in
            let bytes = SecureRandom.bytes(size)
            for (cut, declares, key) in [
                (300_001, true, DataKey.random()), (524_288, true, nil), (1_048_576, false, DataKey.random()),
            ] {
                let receiver = ContentReceiver(
                    files: files, claim: .none(computing: .sha256), key: key, allowsInline: false)
                let received = try await receiver.receive(
                    .arriving(bytes, size: cut, isLengthKnown: false), declared: declares ? Int64(size) : nil,
                    limit: 1 << 30)
                #expect(received.size == size)
                #expect(received.md5 == MD5.hash(bytes))
                #expect(received.checksum.value == Base64.string(SHA256.hash(bytes)))
                let stream = try await ContentReader.stream(
                    received.content, range: 0..<Int64(size), files: files, key: key)
                #expect(try await stream.collect(upTo: 1 << 30) == bytes)
                guard case .segments(let segments) = received.content else { return }
                #expect(segments.map(\.size) == [Int64(size)])
                #expect(segments.map(\.crc) == [try Self.crc(of: files.path(of: segments[0].file))])
            }
        }
    }

    @Test("What was given up on the way leaves no file")
    func givenUp() async throws {
        try await Self.with(folderIn: "/tmp") { files in
            let receiver = ContentReceiver(
                files: files, claim: .none(computing: .crc64nvme), key: .random(), allowsInline: false)
            let begun = ByteStream.arriving(SecureRandom.bytes(5 << 20), size: 1 << 20, isLengthKnown: false)
            let broken = ByteStream(length: 6 << 20) {
                guard let piece = try await begun.next() else { throw ByteStreamError.truncated }
                return piece
            }
            await #expect(throws: ServiceError.self) {
                _ = try await receiver.receive(broken, declared: 6 << 20, limit: 1 << 30)
            }
            var left = ["unknown"]
            for _ in 0..<500 where !left.isEmpty {
                try await Task.sleep(for: .milliseconds(10))
                left = try FolderListing.names(in: "\(files.folder)/bytes")
            }
            #expect(left.isEmpty)
        }
    }

    private static func with(folderIn place: String, _ body: (ByteFiles) async throws -> Void) async throws {
        let folder = "\(place)/apus-content-\(Identifier.uuid())"
        let files = try ByteFiles(folder: folder)
        defer {
            files.close()
            for name in (try? FolderListing.names(in: "\(folder)/bytes")) ?? [] { unlink("\(folder)/bytes/\(name)") }
            rmdir("\(folder)/bytes")
            rmdir(folder)
        }
        try await body(files)
    }

    private static func crc(of path: String) throws -> UInt64 {
        var crc = CRC64NVME()
        crc.update(try FileBytes.read(path, limit: 1 << 30))
        return crc.value
    }
}
