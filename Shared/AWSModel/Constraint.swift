/// What a value of a shape must keep to.
public struct Constraint: Sendable {
    /// Least and greatest length of strings, blobs, lists and maps; least and greatest value of numbers.
    public let minimum: Double?
    public let maximum: Double?
    public let values: [String]
    /// As the model writes it, for messages.
    public let patternText: String?
    /// `nil` also where `Pattern` does not know the expression's syntax: such a pattern is not checked.
    let pattern: Pattern?
    let valueBytes: [[UInt8]]

    init(minimum: Double? = nil, maximum: Double? = nil, pattern: String? = nil, values: [String] = []) {
        self.minimum = minimum
        self.maximum = maximum
        patternText = pattern
        self.pattern = pattern.flatMap { Pattern($0) }
        self.values = values
        valueBytes = values.map { Array($0.utf8) }
    }

    var isEmpty: Bool { minimum == nil && maximum == nil && patternText == nil && values.isEmpty }
    /// Whether the model's pattern, if there is one, is checked.
    public var checksPattern: Bool { patternText == nil || pattern != nil }
}
