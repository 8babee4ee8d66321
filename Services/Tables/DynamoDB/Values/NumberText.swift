/// A number's text, made from its key encoding digit by digit: a read makes no `DynamoDBNumber`.
struct NumberText {
    /// A sign, `0.`, 129 zeros and 38 digits are the longest.
    private static let capacity = 176

    /// Lends the text, every digit written out, of the bytes `DynamoDBNumber.appendKeyBytes` wrote.
    static func withText<Result>(
        ofKeyBytes bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) throws(DamagedItem) -> Result {
        // The allocation's closure cannot throw one type only.
        let result = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { buffer -> Result? in
            var text = NumberText(buffer)
            guard text.append(bytes) else { return nil }
            return body(UnsafeBufferPointer(rebasing: buffer[..<text.count]))
        }
        guard let result else { throw DamagedItem() }
        return result
    }

    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    private init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    /// False for bytes that encode no number.
    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let encoded = EncodedNumber(bytes) else { return false }
        guard encoded.digits > 0 else {
            append(UInt8(ascii: "0"))
            return true
        }
        if encoded.isNegative { append(UInt8(ascii: "-")) }
        if encoded.whole <= 0 {
            append(UInt8(ascii: "0"))
            append(UInt8(ascii: "."))
            appendZeros(-encoded.whole)
        }
        for index in 0..<encoded.digits {
            if index == encoded.whole, index > 0 { append(UInt8(ascii: ".")) }
            append(UInt8(ascii: "0") + encoded.digit(index, in: bytes))
        }
        appendZeros(encoded.whole - encoded.digits)
        return true
    }

    private mutating func append(_ byte: UInt8) {
        buffer[count] = byte
        count += 1
    }

    private mutating func appendZeros(_ zeros: Int) {
        for _ in 0..<max(0, zeros) { append(UInt8(ascii: "0")) }
    }
}

/// What the bytes of a number's key encoding say of it.
private struct EncodedNumber {
    let isNegative: Bool
    /// Significant ones; none for zero.
    let digits: Int
    /// Digits before the point; below zero as many zeros follow it before the first digit.
    let whole: Int

    /// `nil` for bytes that are none.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        if bytes.count == 1, bytes[0] == DynamoDBNumber.zeroMark {
            (isNegative, digits, whole) = (false, 0, 0)
            return
        }
        let pairs = bytes.count - 3
        guard pairs >= 1, pairs <= DynamoDBNumber.maximumDigits / 2,
            bytes[0] == DynamoDBNumber.positiveMark || bytes[0] == DynamoDBNumber.negativeMark
        else { return nil }
        isNegative = bytes[0] == DynamoDBNumber.negativeMark
        let flip: UInt8 = isNegative ? 0xff : 0
        guard bytes[bytes.count - 1] == flip, (bytes[2] ^ flip) &- 1 >= 10 else { return nil }
        for pair in bytes[2..<bytes.count - 1] where (pair ^ flip) &- 1 >= 100 { return nil }
        let endsInZero = ((bytes[bytes.count - 2] ^ flip) - 1).isMultiple(of: 10)
        digits = pairs * 2 - (endsInZero ? 1 : 0)
        whole = Int(bytes[1] ^ flip) + DynamoDBNumber.magnitudes.lowerBound + 1
        guard whole <= DynamoDBNumber.magnitudes.upperBound + 1 else { return nil }
    }

    func digit(_ index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> UInt8 {
        let pair = (bytes[2 + index / 2] ^ (isNegative ? 0xff : 0)) - 1
        return index.isMultiple(of: 2) ? pair / 10 : pair % 10
    }
}
