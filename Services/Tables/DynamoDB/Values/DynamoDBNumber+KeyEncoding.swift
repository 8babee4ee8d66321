/// Bytes whose order is the numbers' order, for the keys of the storage, and self-delimiting, for stored items.
///
/// Zero is `02`. A positive number is `03`, the first digit's power of ten plus 130, the digits two by two as
/// `pair + 1`, and `00`. A negative one is `01` and the complement of the rest. At most 23 bytes.
extension DynamoDBNumber {
    static let negativeMark: UInt8 = 1
    static let zeroMark: UInt8 = 2
    static let positiveMark: UInt8 = 3

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
        let digits = digitCount
        let first = bytes.count + 2
        let end = first + (digits + 1) / 2
        bytes.append(isNegative ? Self.negativeMark : Self.positiveMark)
        bytes.append(UInt8(Int(exponent) + digits - 1 - Self.magnitudes.lowerBound) ^ flip)
        // What is not overwritten with a pair is the end's mark.
        bytes.append(contentsOf: repeatElement(flip, count: end + 1 - first))
        bytes.withUnsafeMutableBufferPointer { bytes in
            Self.writePairs(of: coefficient, digits, into: bytes, before: end, flip)
        }
    }

    /// From the last pair to the first. Divides 64 bits at a time: 128-bit division is ten times slower.
    private static func writePairs(
        of coefficient: UInt128, _ digits: Int, into bytes: UnsafeMutableBufferPointer<UInt8>, before end: Int,
        _ flip: UInt8
    ) {
        var rest = coefficient
        var position = end
        if !digits.isMultiple(of: 2) {
            position -= 1
            let last: UInt64
            (rest, last) = quotient(of: rest, by: 10)
            bytes[position] = UInt8(last * 10 + 1) ^ flip
        }
        while rest > 0 {
            var chunk: UInt64
            (rest, chunk) = quotient(of: rest, by: 1_000_000_000_000_000_000)
            var pairs = 0
            while pairs < 9, rest > 0 || chunk > 0 {
                position -= 1
                bytes[position] = UInt8(chunk % 100 + 1) ^ flip
                chunk /= 100
                pairs += 1
            }
        }
    }

    private static func quotient(of number: UInt128, by divisor: UInt64) -> (UInt128, remainder: UInt64) {
        if number <= UInt128(UInt64.max) {
            let (quotient, remainder) = UInt64(truncatingIfNeeded: number).quotientAndRemainder(dividingBy: divisor)
            return (UInt128(quotient), remainder)
        }
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: UInt128(divisor))
        return (quotient, UInt64(truncatingIfNeeded: remainder))
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
