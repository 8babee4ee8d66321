/// A decimal number of up to 38 significant digits, between 1E-130 and 9.99…E125 in magnitude, or zero.
///
/// [Number](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number)
///
/// Kept as `coefficient × 10^exponent` with no trailing zero in the coefficient, so that equal numbers are equal
/// structures: 1000, 1e3 and 1000.0 are one value.
struct DynamoDBNumber: Sendable, Hashable {
    static let maximumDigits = 38
    /// Allowed powers of ten of the first digit.
    static let magnitudes = -130...125
    static let zero = DynamoDBNumber(isNegative: false, coefficient: 0, exponent: 0)

    let isNegative: Bool
    /// Fits: 10^38 < 2^128.
    let coefficient: UInt128
    /// The power of ten of the coefficient's last digit.
    let exponent: Int16

    /// For a coefficient already without trailing zeros.
    init(isNegative: Bool, coefficient: UInt128, exponent: Int) {
        self.isNegative = isNegative && coefficient != 0
        self.coefficient = coefficient
        self.exponent = coefficient == 0 ? 0 : Int16(truncatingIfNeeded: exponent)
    }

    init(_ number: Int) {
        self.init(trimming: UInt128(number.magnitude), isNegative: number < 0, exponent: 0)
    }

    /// Takes the trailing zeros off a coefficient.
    init(trimming coefficient: UInt128, isNegative: Bool, exponent: Int) {
        var coefficient = coefficient
        var exponent = exponent
        while coefficient != 0 {
            let (quotient, remainder) = coefficient.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { break }
            coefficient = quotient
            exponent += 1
        }
        self.init(isNegative: isNegative, coefficient: coefficient, exponent: exponent)
    }

    var isZero: Bool { coefficient == 0 }

    /// Significant digits: 0 for zero.
    var digitCount: Int { Self.digitCount(of: coefficient) }

    /// The power of ten of the first digit.
    var magnitude: Int { Int(exponent) + digitCount - 1 }

    /// The number without its fraction, where that fits.
    var wholePart: Int? {
        if isZero || magnitude < 0 { return 0 }
        guard magnitude <= 18 else { return nil }
        let power = Self.powersOfTen[Int(exponent.magnitude)]
        let whole = exponent < 0 ? coefficient / power : coefficient * power
        guard whole <= UInt128(Int.max) else { return nil }
        return isNegative ? -Int(whole) : Int(whole)
    }

    // MARK: Powers of ten

    /// 10^0 … 10^38.
    static let powersOfTen: [UInt128] = {
        var powers: [UInt128] = [1]
        for _ in 0..<38 { powers.append((powers.last ?? 1) * 10) }
        return powers
    }()

    static func digitCount(of coefficient: UInt128) -> Int {
        guard coefficient > 0 else { return 0 }
        // log10(2) ≈ 1233/4096; the guess is right or one too small.
        let bits = 128 - coefficient.leadingZeroBitCount
        let guess = (bits * 1233) >> 12
        return guess < powersOfTen.count && coefficient >= powersOfTen[guess] ? guess + 1 : guess
    }
}
