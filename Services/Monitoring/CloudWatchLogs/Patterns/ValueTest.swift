import ServiceKit

/// A comparison of one value, as JSON conditions and fields have it.
struct ValueTest: Sendable {
    enum Comparison: String, Sendable {
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    let comparison: Comparison
    /// May hold `*` where it is compared for equality.
    let operand: String
    /// Written without quotation marks, so that it may be a number.
    let isBare: Bool

    /// - Parameter stops: what ends a bare value besides white space.
    init(_ scanner: inout PatternScanner, until stops: [UInt8]) throws {
        scanner.skipSpace()
        comparison = try ValueTest.comparison(&scanner)
        scanner.skipSpace()
        try scanner.refuseRegularExpression()
        isBare = scanner.peek != UInt8(ascii: "\"")
        operand = isBare ? scanner.word(until: stops) : try scanner.quoted()
        guard !isBare || !operand.isEmpty else { throw ServiceError.invalidFilterPattern("a value is missing") }
        guard [.equal, .notEqual].contains(comparison) || Double(operand) != nil else {
            throw ServiceError.invalidFilterPattern("\(comparison.rawValue) compares numbers only")
        }
    }

    private static func comparison(_ scanner: inout PatternScanner) throws -> Comparison {
        // The longer ones first.
        if scanner.skip("!=") { return .notEqual }
        if scanner.skip("<=") { return .lessOrEqual }
        if scanner.skip(">=") { return .greaterOrEqual }
        if scanner.skip("=") { return .equal }
        if scanner.skip("<") { return .less }
        if scanner.skip(">") { return .greater }
        throw ServiceError.invalidFilterPattern("an operator is missing")
    }

    /// - Parameter isText: whether the value is a JSON string, which a bare number does not equal.
    func holds(for value: String, isText: Bool = false) -> Bool {
        switch comparison {
        case .equal: equals(value, isText)
        case .notEqual: !equals(value, isText)
        case .less: compare(value, isText) { $0 < $1 }
        case .lessOrEqual: compare(value, isText) { $0 <= $1 }
        case .greater: compare(value, isText) { $0 > $1 }
        case .greaterOrEqual: compare(value, isText) { $0 >= $1 }
        }
    }

    private func equals(_ value: String, _ isText: Bool) -> Bool {
        if isBare, let number = Double(operand) { return !isText && Double(value) == number }
        return Wildcard.matches(operand, value)
    }

    private func compare(_ value: String, _ isText: Bool, _ holds: (Double, Double) -> Bool) -> Bool {
        guard !isText, let left = Double(value), let right = Double(operand) else { return false }
        return holds(left, right)
    }
}
