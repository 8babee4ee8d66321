import Bytes
import Crypto
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("Stretches of files", .timeLimit(.minutes(3))) struct StretchReaderTests {
    private static let plain = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    private static let nonce = [UInt8](repeating: 9, count: 12)
    private static let keys = [[UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32)]

    /// An open file without a name that holds these bytes.
    private static func file(_ bytes: [UInt8]) throws -> OwnedDescriptor {
        var template = Array("/tmp/apus-stretch-XXXXXX".utf8CString)
        let file = OwnedDescriptor(mkstemp(&template))
        try #require(file.number >= 0)
        unlink(template)
        try #require(bytes.withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) } == bytes.count)
        return file
    }

    @Test("What layers of keys enciphered is read again from any byte to any other", arguments: 0...2)
    func layers(count: Int) throws {
        let cipher = count == 0 ? nil : FileCipher(nonce: Self.nonce, keys: Array(Self.keys.prefix(count)))
        let stored = try cipher.map { try LayeredCipher($0).apply(to: Self.plain[...]) } ?? Self.plain
        #expect((stored == Self.plain) == (count == 0))
        let file = try Self.file(stored)
        for range in [0..<100_000, 1..<2, 17..<50_001, 99_999..<100_000] {
            let reader = try StretchReader(
                FileStretch(file: file, range: Int64(range.lowerBound)..<Int64(range.upperBound), cipher: cipher))
            var read: [UInt8] = []
            while !reader.isAtEnd {
                // In turns as both kinds of threads read.
                if read.count % 2 == 0, case .bytes(let bytes) = try reader.readAtHand(upTo: 7001) {
                    read += bytes
                } else {
                    read += try reader.read(upTo: 7001)
                }
            }
            #expect(read == Array(Self.plain[range]))
        }
    }

    @Test("The inner layer alone does not read what two layers wrote")
    func oneOfTwo() throws {
        let stored = try LayeredCipher(FileCipher(nonce: Self.nonce, keys: Self.keys)).apply(to: Self.plain[...])
        let single = try LayeredCipher(FileCipher(nonce: Self.nonce, keys: [Self.keys[0]])).apply(to: stored[...])
        #expect(single != Self.plain)
        #expect(throws: CryptoError.malformed) { try LayeredCipher(FileCipher(nonce: Self.nonce, keys: [])) }
    }

    @Test("A file shorter than its stretch is an error, not an end")
    func truncated() throws {
        let file = try Self.file(Array(Self.plain.prefix(10)))
        let reader = try StretchReader(FileStretch(file: file, range: 5..<20, cipher: nil))
        #expect(try reader.read(upTo: 100) == Array(Self.plain[5..<10]))
        #expect(throws: ByteStreamError.truncated) { try reader.read(upTo: 100) }
        #expect(throws: ByteStreamError.truncated) { try reader.readAtHand(upTo: 100) }
        #expect(!reader.isAtEnd)
    }
}
