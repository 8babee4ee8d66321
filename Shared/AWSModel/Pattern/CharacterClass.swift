/// A set of Unicode scalars: a bitmap for ASCII, ranges and properties above.
struct CharacterClass: Sendable {
    enum Property: Sendable {
        case letter, mark, number, punctuation, symbol, separator, other

        func contains(_ category: Unicode.GeneralCategory) -> Bool {
            switch category {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self == .letter
            case .nonspacingMark, .spacingMark, .enclosingMark: self == .mark
            case .decimalNumber, .letterNumber, .otherNumber: self == .number
            case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
                .finalPunctuation, .otherPunctuation:
                self == .punctuation
            case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: self == .symbol
            case .spaceSeparator, .lineSeparator, .paragraphSeparator: self == .separator
            default: self == .other
            }
        }
    }

    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var ranges: [ClosedRange<UInt32>] = []
    private var properties: [Property] = []
    private var containsRest = false

    static let digit = CharacterClass(ranges: ["0"..."9"])
    static let word = CharacterClass(ranges: ["a"..."z", "A"..."Z", "0"..."9", "_"..."_"])
    static let space = CharacterClass(ranges: [" "..." ", "\t"..."\r"])
    /// Anything but the end of a line.
    static let dot = CharacterClass(
        ranges: ["\n"..."\n", "\r"..."\r", "\u{85}"..."\u{85}", "\u{2028}"..."\u{2029}"]
    ).inverted
    static let any = CharacterClass().inverted

    init() {}

    init(ranges: [ClosedRange<Unicode.Scalar>]) {
        for range in ranges { insert(range.lowerBound.value...range.upperBound.value) }
    }

    mutating func insert(_ range: ClosedRange<UInt32>) {
        if range.lowerBound < 128 {
            for value in range.lowerBound...min(range.upperBound, 127) { setASCII(value) }
        }
        if range.upperBound > 127 { ranges.append(max(range.lowerBound, 128)...range.upperBound) }
    }

    mutating func insert(_ property: Property) {
        for value in UInt32(0)..<128 {
            if let scalar = Unicode.Scalar(value), property.contains(scalar.properties.generalCategory) {
                setASCII(value)
            }
        }
        properties.append(property)
    }

    /// Adds another class; an inverted one's part above ASCII becomes everything, which no model distinguishes.
    mutating func insert(_ other: CharacterClass) {
        low |= other.low
        high |= other.high
        ranges += other.containsRest ? [128...0x10_ffff] : other.ranges
        properties += other.containsRest ? [] : other.properties
    }

    mutating func insertOtherCase() {
        for value in UInt32(65)...90 where hasASCII(value) || hasASCII(value | 32) {
            setASCII(value)
            setASCII(value | 32)
        }
    }

    var inverted: CharacterClass {
        var result = self
        result.low = ~low
        result.high = ~high
        result.containsRest.toggle()
        return result
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 128 { return hasASCII(value) }
        let isListed =
            ranges.contains { $0.contains(value) }
            || (!properties.isEmpty && properties.contains { $0.contains(scalar.properties.generalCategory) })
        return isListed != containsRest
    }

    private func hasASCII(_ value: UInt32) -> Bool { (value < 64 ? low >> value : high >> (value - 64)) & 1 == 1 }

    private mutating func setASCII(_ value: UInt32) {
        if value < 64 { low |= 1 << UInt64(value) } else { high |= 1 << UInt64(value - 64) }
    }
}
