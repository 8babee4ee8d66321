import JSON

extension Constraint {
    /// `length` as `ScalarKind.length` gives it.
    func holds(for value: JSONValue, length: Double) -> Bool {
        holds(forNumber: length) && holdsValues(value) && holdsPattern(value)
    }

    func holds(forNumber number: Double) -> Bool { isLongEnough(number) && isShortEnough(number) }

    func holds(forKey entry: JSONMember) -> Bool {
        entry.withNameBytes { name in
            holds(forNumber: ScalarKind.characterCount(name))
                && (valueBytes.isEmpty || valueBytes.contains { $0.elementsEqual(name) })
                && (pattern?.matches(String(decoding: name, as: UTF8.self)) ?? true)
        }
    }

    func isLongEnough(_ number: Double) -> Bool { minimum.map { number >= $0 } ?? true }
    func isShortEnough(_ number: Double) -> Bool { maximum.map { number <= $0 } ?? true }

    func holdsValues(_ value: JSONValue) -> Bool {
        if valueBytes.isEmpty { return true }
        return value.withStringBytes { text in
            valueBytes.contains { $0.count == text.count && $0.elementsEqual(text) }
        } ?? true
    }

    func holdsPattern(_ value: JSONValue) -> Bool {
        guard let pattern, let text = value.string else { return true }
        return pattern.matches(text)
    }
}

extension Shape {
    var isScalar: Bool {
        switch kind {
        case .structure, .list, .map: false
        default: true
        }
    }

    /// The requirements that a value breaks, in AWS's words.
    ///
    /// - Parameter values: the enumeration's, in the order to list them.
    func brokenRequirements(by value: JSONValue, listing values: [String]?) -> [String] {
        var broken: [String] = []
        let length: Double? =
            switch kind {
            case .list: Double(value.elements.reduce(0) { count, _ in count + 1 })
            case .map: Double(value.members.reduce(0) { count, _ in count + 1 })
            default: try? ScalarKind.length(of: value, self)
            }
        guard let length else { return [] }
        if !constraint.isShortEnough(length) { broken += maximumText }
        if !constraint.isLongEnough(length) { broken += minimumText }
        if !constraint.holdsPattern(value) { broken += patternText }
        if !constraint.holdsValues(value) { broken += valuesText(values ?? constraint.values) }
        return broken
    }

    /// All requirements of a shape, as AWS lists them for the members of collections.
    var requirements: String {
        (maximumText + minimumText + patternText + valuesText(constraint.values)).joined(separator: ", ")
    }

    private var measure: String {
        switch kind {
        case .integer, .long, .float, .double, .biginteger, .bigdecimal, .timestamp: "value"
        default: "length"
        }
    }
    private var maximumText: [String] {
        constraint.maximum.map { ["Member must have \(measure) less than or equal to \(plain($0))"] } ?? []
    }
    private var minimumText: [String] {
        constraint.minimum.map { ["Member must have \(measure) greater than or equal to \(plain($0))"] } ?? []
    }
    private var patternText: [String] {
        constraint.patternText.map { ["Member must satisfy regular expression pattern: \($0)"] } ?? []
    }
    private func valuesText(_ values: [String]) -> [String] {
        if values.isEmpty { return [] }
        return ["Member must satisfy enum value set: [\(values.joined(separator: ", "))]"]
    }

    private func plain(_ number: Double) -> String { Int64(exactly: number).map(String.init) ?? number.description }
}
