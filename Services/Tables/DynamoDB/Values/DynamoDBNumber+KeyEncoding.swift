/// Bytes whose order is the numbers' order, for the keys of the storage, and self-delimiting, for stored items.
///
/// Zero is `02`. A positive number is `03`, the first digit's power of ten plus 130, the digits two by two as
/// `pair + 1`, and `00`. A negative one is `01` and the complement of the rest. At most 23 bytes.
extension DynamoDBNumber {
    private static let negativeMark: UInt8 = 1
    private static let zeroMark: UInt8 = 2
    private static let positiveMark: UInt8 = 3

    var keyBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(23)
        appendKeyBytes(to: &bytes)
        return bytes
    }

    func appendKeyBytes(to bytes: inout [UInt8]) {
        guard !isZero else {
            bytes.append(Self.zeroMark)
            return
        }
        let flip: UInt8 = isNegative ? 0xff : 0
        let digits = Self.digits(of: coefficient)
        bytes.append(isNegative ? Self.negativeMark : Self.positiveMark)
        bytes.append(UInt8(Int(exponent) + digits.count - 1 - Self.magnitudes.lowerBound) ^ flip)
        var index = 0
        while index < digits.count {
            let tens = digits[index] - UInt8(ascii: "0")
            let ones = index + 1 < digits.count ? digits[index + 1] - UInt8(ascii: "0") : 0
            bytes.append((tens * 10 + ones + 1) ^ flip)
            index += 2
        }
        bytes.append(flip)
    }

    /// Reads what `appendKeyBytes` wrote from the front of `bytes`; `nil` for anything else.
    init?(keyBytes bytes: UnsafeBufferPointer<UInt8>, length: inout Int) {
        guard let mark = bytes.first else { return nil }
        if mark == Self.zeroMark {
            length = 1
            self = .zero
            return
        }
        guard mark == Self.positiveMark || mark == Self.negativeMark, bytes.count >= 4 else { return nil }
        let flip: UInt8 = mark == Self.negativeMark ? 0xff : 0
        var coefficient: UInt128 = 0
        var index = 2
        while index < bytes.count, bytes[index] != flip {
            let pair = (bytes[index] ^ flip) &- 1
            guard pair < 100, index < 21 else { return nil }
            coefficient = coefficient * 100 + UInt128(pair)
            index += 1
        }
        guard index < bytes.count, index > 2 else { return nil }
        length = index + 1
        let exponent = Int(bytes[1] ^ flip) + Self.magnitudes.lowerBound - (index - 2) * 2 + 1
        self.init(trimming: coefficient, isNegative: flip != 0, exponent: exponent)
    }
}
