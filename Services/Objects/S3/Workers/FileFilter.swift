import ServiceKit

/// Names of files that are in use. None that was inserted is ever missed; a few others are taken for one, others each time.
///
/// [Bloom's filter](https://doi.org/10.1145/362686.362692): 32 bits and 16 places a name take one of ten million names
/// that were not inserted for one that was. Beyond its largest size it takes more of them.
struct FileFilter {
    /// In bytes: that of eight million names.
    static let largest = 32 << 20
    private static let bitsPerName = 32

    private var words: [UInt64]
    private let places: FilterPlaces

    /// - Parameter bytes: it takes no more of them, whatever is expected.
    init(expecting count: Int, within bytes: Int = largest) {
        let wanted = min(max(64, count) * Self.bitsPerName, bytes * 8)
        var bits = 64
        while bits * 2 <= wanted { bits *= 2 }
        words = Array(repeating: 0, count: bits / 64)
        // What keeps mistakes fewest: 0.69 places for each bit that a name has.
        places = FilterPlaces(count: max(1, min(16, bits * 69 / 100 / max(1, count))), bits: bits)
    }

    mutating func insert(_ name: FileName) {
        places.forEach(of: name) { word, bit in
            words[word] |= bit
            return true
        }
    }

    func contains(_ name: FileName) -> Bool {
        var isThere = true
        places.forEach(of: name) { word, bit in
            isThere = words[word] & bit != 0
            return isThere
        }
        return isThere
    }
}

/// Where a name's bits are. Apart from the bits: one who changes those must not hold a second reference to them, or all of
/// them would be copied.
private struct FilterPlaces {
    let count: Int
    /// What a place is cut to: the number of bits is a power of two.
    let mask: UInt64
    let seed = UInt64.random(in: .min ... .max)

    init(count: Int, bits: Int) {
        self.count = count
        mask = UInt64(bits - 1)
    }

    /// Names are random: two halves of one, mixed with the seed, are two independent hashes.
    func forEach(of name: FileName, _ body: (_ word: Int, _ bit: UInt64) -> Bool) {
        var place = Self.mixed(name.high ^ seed)
        let stride = Self.mixed(name.low &+ seed) | 1
        for _ in 0..<count {
            let bit = place & mask
            guard body(Int(bit >> 6), 1 << (bit & 63)) else { return }
            place &+= stride
        }
    }

    /// The end of [MurmurHash3](https://github.com/aappleby/smhasher), which lets every bit change every other.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 33) &* 0xff51_afd7_ed55_8ccd
        value = (value ^ value >> 33) &* 0xc4ce_b9fe_1a85_ec53
        return value ^ value >> 33
    }
}

/// The name of a file of bytes as a number, which takes a third of the room.
struct FileName: Sendable, Equatable {
    static let length = 32

    let high: UInt64
    let low: UInt64

    /// `nil` for anything but 32 hexadecimal digits.
    init?(_ text: some Sequence<UInt8>) {
        var (high, low, count) = (UInt64(0), UInt64(0), 0)
        for byte in text {
            guard count < Self.length, let digit = Self.digit(byte) else { return nil }
            high = high << 4 | low >> 60
            low = low << 4 | digit
            count += 1
        }
        guard count == Self.length else { return nil }
        (self.high, self.low) = (high, low)
    }

    var text: String {
        Hex.string([high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - $0 * 8)) } })
    }

    /// Those of segments as rows have them: each line begins with one.
    static func all(inSegments text: String) -> [FileName] {
        text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { FileName($0.prefix(length)) }
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        default: nil
        }
    }
}
