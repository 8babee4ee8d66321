import ServiceKit

extension DynamoDBNumber {
    static let overflow = ServiceError.validation(
        "Number overflow. Attempting to store a number with magnitude larger than supported range")
    static let underflow = ServiceError.validation(
        "Number underflow. Attempting to store a number with magnitude smaller than supported range")
    static let notNumeric = "The parameter cannot be converted to a numeric value"
    static let tooPrecise = ServiceError.validation(
        "Attempting to store more than 38 significant digits in a Number")

    /// Reads `[+-] digits [. digits] [e [+-] digits]`, with digits on at least one side of the point.
    ///
    /// - Throws: `ServiceError` with AWS's wording for what is no number, out of range or too precise.
    init(_ text: UnsafeBufferPointer<UInt8>) throws(ServiceError) {
        var scanner = NumberScanner(text: text)
        guard scanner.scan() else {
            let detail = text.isEmpty ? "" : ": \(String(decoding: text, as: UTF8.self))"
            throw .validation(Self.notNumeric + detail)
        }
        guard scanner.digits > 0 else {
            self = .zero
            return
        }
        let magnitude = scanner.exponent + scanner.digits - 1
        guard magnitude <= Self.magnitudes.upperBound else { throw Self.overflow }
        guard magnitude >= Self.magnitudes.lowerBound else { throw Self.underflow }
        guard scanner.digits <= Self.maximumDigits else { throw Self.tooPrecise }
        self.init(isNegative: scanner.isNegative, coefficient: scanner.coefficient, exponent: scanner.exponent)
    }

    init(_ text: String) throws(ServiceError) {
        self = try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(ServiceError) in
            try DynamoDBNumber(bytes)
        }
    }

    /// Every digit written out, without an exponent, as AWS answers it.
    var text: String {
        var bytes: [UInt8] = []
        appendText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    func appendText(to text: inout [UInt8]) {
        guard !isZero else {
            text.append(UInt8(ascii: "0"))
            return
        }
        if isNegative { text.append(UInt8(ascii: "-")) }
        let digits = Self.digits(of: coefficient)
        let whole = digits.count + Int(exponent)
        if exponent >= 0 {
            text.append(contentsOf: digits)
            text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Int(exponent)))
        } else if whole > 0 {
            text.append(contentsOf: digits[..<whole])
            text.append(UInt8(ascii: "."))
            text.append(contentsOf: digits[whole...])
        } else {
            text.append(contentsOf: [UInt8(ascii: "0"), UInt8(ascii: ".")])
            text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -whole))
            text.append(contentsOf: digits)
        }
    }

    /// ASCII digits, the first one first. Divides 64 bits at a time: 128-bit division is ten times slower.
    static func digits(of coefficient: UInt128) -> [UInt8] {
        let chunk: UInt128 = 10_000_000_000_000_000_000
        var reversed: [UInt8] = []
        reversed.reserveCapacity(maximumDigits)
        var rest = coefficient
        while rest > UInt128(UInt64.max) {
            let (quotient, low) = rest.quotientAndRemainder(dividingBy: chunk)
            appendReversed(UInt64(low), width: 19, to: &reversed)
            rest = quotient
        }
        appendReversed(UInt64(rest), width: 0, to: &reversed)
        reversed.reverse()
        return reversed
    }

    private static func appendReversed(_ number: UInt64, width: Int, to digits: inout [UInt8]) {
        var number = number
        var written = 0
        while number > 0 || written < width {
            digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
            number /= 10
            written += 1
        }
    }
}

/// One pass over a number's text. Digits past the 38th are counted and dropped, so hostile lengths cost only time.
private struct NumberScanner {
    let text: UnsafeBufferPointer<UInt8>
    var position = 0
    var isNegative = false
    var coefficient: UInt128 = 0
    /// Significant digits seen, from the first to the last that is not zero.
    var digits = 0
    /// Zeros since the last other digit: significant only if another follows.
    var pendingZeros = 0
    var exponent = 0

    init(text: UnsafeBufferPointer<UInt8>) { self.text = text }

    mutating func scan() -> Bool {
        isNegative = take(UInt8(ascii: "-"))
        if !isNegative { _ = take(UInt8(ascii: "+")) }
        let wholeDigits = scanDigits()
        var fractionDigits = 0
        if take(UInt8(ascii: ".")) { fractionDigits = scanDigits() }
        guard wholeDigits + fractionDigits > 0 else { return false }
        var written = 0
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            guard let value = scanExponent() else { return false }
            written = value
        }
        exponent = written - fractionDigits + pendingZeros
        return position == text.count
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func scanDigits() -> Int {
        let start = position
        while position < text.count, text[position] &- UInt8(ascii: "0") < 10 {
            append(text[position] - UInt8(ascii: "0"))
            position += 1
        }
        return position - start
    }

    private mutating func append(_ digit: UInt8) {
        guard digit != 0 else {
            pendingZeros += 1
            return
        }
        // Zeros before the first digit mean nothing.
        let shift = (digits == 0 ? 0 : pendingZeros) + 1
        digits += shift
        if digits <= DynamoDBNumber.maximumDigits {
            coefficient &*= shift == 1 ? 10 : DynamoDBNumber.powersOfTen[shift]
            coefficient &+= UInt128(digit)
        }
        pendingZeros = 0
    }

    private mutating func scanExponent() -> Int? {
        let isNegative = take(UInt8(ascii: "-"))
        if !isNegative { _ = take(UInt8(ascii: "+")) }
        let start = position
        var value = 0
        while position < text.count, text[position] &- UInt8(ascii: "0") < 10 {
            // Far past every limit already: no need to grow, and no overflow.
            if value < 1 << 40 { value = value * 10 + Int(text[position] - UInt8(ascii: "0")) }
            position += 1
        }
        guard position > start else { return nil }
        return isNegative ? -value : value
    }
}
