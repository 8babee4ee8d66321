import ServiceKit

/// The text of decimals in Ion: `103.`, `6d2`, `1.5`.
enum IonDecimal {
    // MARK: Reading

    /// The number as DynamoDB writes it, without underscores and with `e` for `d`; `nil` for any other token.
    static func plain(_ token: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = token
        var text: [UInt8] = []
        if rest.first == UInt8(ascii: "-") { text.append(rest.removeFirst()) }
        guard let whole = digits(&rest), whole == [UInt8(ascii: "0")] || whole.first != UInt8(ascii: "0") else {
            return nil
        }
        text += whole
        if rest.first == UInt8(ascii: ".") {
            text.append(rest.removeFirst())
            if let first = rest.first, IonScanner.isDigit(first) {
                guard let fraction = digits(&rest) else { return nil }
                text += fraction
            }
        }
        guard let mark = rest.first else { return text }
        guard mark | 0x20 == UInt8(ascii: "d") else { return nil }
        rest.removeFirst()
        text.append(UInt8(ascii: "e"))
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            text.append(rest.removeFirst())
        }
        guard !rest.isEmpty, rest.allSatisfy(IonScanner.isDigit) else { return nil }
        return text + rest
    }

    /// Digits, of which single underscores may stand between two; `nil` where there are none, or others.
    private static func digits(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var digits: [UInt8] = []
        var isBetween = false
        while let byte = rest.first {
            if IonScanner.isDigit(byte) {
                digits.append(byte)
                isBetween = false
            } else if byte == UInt8(ascii: "_"), !isBetween, !digits.isEmpty {
                isBetween = true
            } else {
                break
            }
            rest.removeFirst()
        }
        return digits.isEmpty || isBetween ? nil : digits
    }

    // MARK: Writing

    /// Behind the point, where a number has an exponent rather; as Ion's own writers have it.
    private static let leadingZeros = 6

    /// All digits and no more: `6d2` is not `600.`, which would be more precise than the number is.
    static func text(_ number: DynamoDBNumber) -> String {
        let digits = String(number.coefficient)
        let sign = number.isNegative ? "-" : ""
        let exponent = Int(number.exponent)
        if exponent == 0 { return "\(sign)\(digits)." }
        if exponent > 0 { return "\(sign)\(digits)d\(exponent)" }
        let whole = digits.count + exponent
        if whole > 0 { return "\(sign)\(digits.prefix(whole)).\(digits.dropFirst(whole))" }
        if whole > -leadingZeros { return "\(sign)0.\(String(repeating: "0", count: -whole))\(digits)" }
        return "\(sign)\(digits)d\(exponent)"
    }
}
