/// The stretches of a string that stand for themselves, looked at eight bytes at a time.
enum PlainText {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The offset, from `start` on, of the first quote, backslash or control character; the text's end if there is none.
    ///
    /// - Parameter stopsAtNonASCII: Also stop at bytes of 0x80 and above, for readers that check UTF-8.
    @inline(__always)
    static func end(in text: UnsafeBufferPointer<UInt8>, from start: Int, stopsAtNonASCII: Bool) -> Int {
        guard let base = text.baseAddress else { return start }
        var position = start
        while position + 8 <= text.count {
            let word = UInt64(
                littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
            let marks = marks(in: word, stopsAtNonASCII: stopsAtNonASCII)
            if marks != 0 { return position + marks.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < text.count {
            let byte = base[position]
            if byte < 0x20 || byte == 0x22 || byte == 0x5c || (stopsAtNonASCII && byte >= 0x80) { return position }
            position += 1
        }
        return position
    }

    /// Whether a whole text stands for itself.
    @inline(__always)
    static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        end(in: text, from: 0, stopsAtNonASCII: false) == text.count
    }

    /// The high bit of each byte to stop at. A borrow may mark bytes above such a one too, never one below it.
    @inline(__always)
    private static func marks(in word: UInt64, stopsAtNonASCII: Bool) -> UInt64 {
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5c)
        var special =
            (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word
        if stopsAtNonASCII { special |= word }
        return special & highs
    }
}
