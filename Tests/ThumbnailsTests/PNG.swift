import CZlib

/// Writes the smallest PNG files that are ones.
///
/// [Specification](https://www.w3.org/TR/png/)
enum PNG {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

    static func image(width: Int, height: Int, hasAlpha: Bool = false) -> [UInt8] {
        let channels = hasAlpha ? 4 : 3
        var rows: [UInt8] = []
        for y in 0..<height {
            rows.append(0)
            for x in 0..<width * channels { rows.append(UInt8((x * 7 + y * 3) % 256)) }
        }
        return header(width: width, height: height, hasAlpha: hasAlpha) + chunk("IDAT", deflated(rows))
            + chunk("IEND", [])
    }

    /// A file that promises its pixels and has one.
    static func bomb(width: Int, height: Int) -> [UInt8] {
        header(width: width, height: height, hasAlpha: false) + chunk("IDAT", deflated([0, 0, 0, 0]))
            + chunk("IEND", [])
    }

    private static func header(width: Int, height: Int, hasAlpha: Bool) -> [UInt8] {
        signature + chunk("IHDR", number(width) + number(height) + [8, hasAlpha ? 6 : 2, 0, 0, 0])
    }

    private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + content
        return number(content.count) + body + number(Int(crc32(0, body, uInt(body.count))))
    }

    private static func number(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var count = compressBound(uLong(bytes.count))
        var out = [UInt8](repeating: 0, count: Int(count))
        compress(&out, &count, bytes, uLong(bytes.count))
        return Array(out.prefix(Int(count)))
    }
}
