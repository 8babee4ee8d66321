/// Writes the smallest GIF files that move.
///
/// [Specification](https://www.w3.org/Graphics/GIF/spec-gif89a.txt)
enum GIF {
    /// Frames of one colour each, black and white in turns.
    static func animation(frames: Int) -> [UInt8] {
        let edge = 12
        var file = Array("GIF89a".utf8) + number(edge) + number(edge)
        // Two colours, and to be repeated for ever.
        file += [0x80, 0, 0, 0, 0, 0, 255, 255, 255]
        file += [0x21, 0xff, 11] + Array("NETSCAPE2.0".utf8)
        file += [3, 1, 0, 0, 0]
        for index in 0..<frames {
            file += [0x21, 0xf9, 4, 0, 10, 0, 0, 0]
            file += [0x2c, 0, 0, 0, 0] + number(edge) + number(edge) + [0]
            file += pixels(of: UInt8(index % 2), count: edge * edge)
        }
        file.append(0x3b)
        return file
    }

    private static func number(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }

    /// Codes of three bits that stand for one pixel each: the table is cleared before it grows.
    private static func pixels(of colour: UInt8, count: Int) -> [UInt8] {
        let (clear, end): (UInt8, UInt8) = (4, 5)
        var codes: [UInt8] = []
        for index in 0..<count {
            if index % 2 == 0 { codes.append(clear) }
            codes.append(colour)
        }
        codes.append(end)
        var (bytes, held, bits): ([UInt8], UInt32, UInt32) = ([], 0, 0)
        for code in codes {
            held |= UInt32(code) << bits
            bits += 3
            while bits >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: held))
                held >>= 8
                bits -= 8
            }
        }
        bytes.append(UInt8(truncatingIfNeeded: held))
        // Some 80 bytes: one block.
        bytes.insert(contentsOf: [2, UInt8(bytes.count)], at: 0)
        bytes.append(0)
        return bytes
    }
}
