import Bytes

/// Bytes that no cache and no deduplication makes cheaper: a xorshift sequence from a seed.
struct VariedBytes {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    /// Letters and digits.
    static func text(_ count: Int, seed: UInt64) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz012345".utf8)
        var source = VariedBytes(seed: seed)
        return String(decoding: (0..<count).map { _ in alphabet[Int(source.next() >> 32 & 31)] }, as: UTF8.self)
    }

    static func block(_ count: Int, seed: UInt64) -> [UInt8] {
        var source = VariedBytes(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: source.next() >> 24) }
    }

    /// A stream of this length: one random mebibyte again and again, each time with another beginning.
    static func stream(length: Int, seed: UInt64) -> ByteStream {
        let size = 1 << 20
        let block = block(size, seed: seed)
        let position = Position()
        return ByteStream(length: length) {
            let sent = position.advance(by: size)
            guard sent < length else { return nil }
            var chunk = block
            withUnsafeBytes(of: sent) { chunk.replaceSubrange(0..<8, with: $0) }
            return sent + size <= length ? chunk : Array(chunk.prefix(length - sent))
        }
    }
}
