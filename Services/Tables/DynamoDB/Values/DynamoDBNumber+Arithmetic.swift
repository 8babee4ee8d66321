import ServiceKit

extension DynamoDBNumber: Comparable {
    static func < (left: DynamoDBNumber, right: DynamoDBNumber) -> Bool {
        guard left.isNegative == right.isNegative else { return left.isNegative }
        let order = left.compareMagnitude(to: right)
        return left.isNegative ? order > 0 : order < 0
    }

    /// The order of the absolute values.
    private func compareMagnitude(to other: DynamoDBNumber) -> Int {
        guard !isZero, !other.isZero else { return (isZero ? 0 : 1) - (other.isZero ? 0 : 1) }
        let (mine, theirs) = (magnitude, other.magnitude)
        guard mine == theirs else { return mine - theirs }
        // Same first digit's place: the one with fewer digits ends earlier, and 38 digits always fit.
        let shift = Int(exponent) - Int(other.exponent)
        let left = shift > 0 ? coefficient * Self.powersOfTen[shift] : coefficient
        let right = shift < 0 ? other.coefficient * Self.powersOfTen[-shift] : other.coefficient
        return left == right ? 0 : left < right ? -1 : 1
    }
}

extension DynamoDBNumber {
    static prefix func - (number: DynamoDBNumber) -> DynamoDBNumber {
        DynamoDBNumber(
            isNegative: !number.isNegative, coefficient: number.coefficient, exponent: Int(number.exponent))
    }

    func minus(_ other: DynamoDBNumber) throws(ServiceError) -> DynamoDBNumber { try plus(-other) }

    /// The exact sum.
    ///
    /// - Throws: AWS's overflow for a sum out of range, and, as AWS does, for one of more than 38 digits.
    func plus(_ other: DynamoDBNumber) throws(ServiceError) -> DynamoDBNumber {
        if isZero { return other }
        if other.isZero { return self }
        let (higher, lower) = exponent >= other.exponent ? (self, other) : (other, self)
        guard let aligned = higher.coefficient(atExponent: Int(lower.exponent)) else { throw Self.overflow }
        let sum = try Self.sum(aligned, higher.isNegative, lower.coefficient, lower.isNegative)
        let result = DynamoDBNumber(
            trimming: sum.coefficient, isNegative: sum.isNegative, exponent: Int(lower.exponent))
        try result.checkRange()
        return result
    }

    /// The coefficient written with more trailing zeros; `nil` where that passes 128 bits.
    ///
    /// Passing them proves a result of more than 38 digits: the other number ends in a digit that is not zero at that
    /// place and, below 10^38, cannot bring 3.4·10^38 down under 10^38.
    private func coefficient(atExponent target: Int) -> UInt128? {
        let shift = Int(exponent) - target
        guard shift < Self.powersOfTen.count else { return nil }
        let (product, overflowed) = coefficient.multipliedReportingOverflow(by: Self.powersOfTen[shift])
        return overflowed ? nil : product
    }

    private static func sum(
        _ left: UInt128, _ leftIsNegative: Bool, _ right: UInt128, _ rightIsNegative: Bool
    ) throws(ServiceError) -> (coefficient: UInt128, isNegative: Bool) {
        if leftIsNegative == rightIsNegative {
            let (total, overflowed) = left.addingReportingOverflow(right)
            if overflowed { throw overflow }
            return (total, leftIsNegative)
        }
        return left >= right ? (left - right, leftIsNegative) : (right - left, rightIsNegative)
    }

    private func checkRange() throws(ServiceError) {
        guard !isZero else { return }
        guard magnitude <= Self.magnitudes.upperBound, digitCount <= Self.maximumDigits else { throw Self.overflow }
        guard magnitude >= Self.magnitudes.lowerBound else { throw Self.underflow }
    }
}
