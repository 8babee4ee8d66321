import Bytes
import Time

/// One line of a `Condition` block: an operator, a key, and the values one of which must match.
struct Condition: Sendable {
    enum Quantifier: Sendable {
        case none
        case forAllValues
        case forAnyValue
    }

    /// What the key's values are compared with, read according to the operator.
    enum Expected: Sendable {
        case text([Pattern], folding: Bool)
        case number([Double], Ordering)
        case date([Timestamp], Ordering)
        case bool([Bool])
        case binary([[UInt8]])
        case address([IPNetwork])
        case arn([ARNPattern])
        /// Whether the key must be absent.
        case absent([Bool])
    }

    enum Ordering: Sendable {
        case equal, less, lessOrEqual, greater, greaterOrEqual

        func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
            switch self {
            case .equal: left == right
            case .less: left < right
            case .lessOrEqual: left <= right
            case .greater: left > right
            case .greaterOrEqual: left >= right
            }
        }
    }

    /// In lower case.
    let key: String
    let quantifier: Quantifier
    /// `…IfExists`: a key the request lacks satisfies it.
    let ifExists: Bool
    let isNegated: Bool
    let expected: Expected

    func holds(for request: AccessRequest) -> Bool {
        let values = request.values(of: key) ?? []
        if case .absent(let expected) = expected { return expected.contains(values.isEmpty) }
        guard !values.isEmpty else { return holdsWithoutValues }
        switch quantifier {
        case .none: return values.contains { matches($0, in: request) } != isNegated
        case .forAllValues: return values.allSatisfy { matches($0, in: request) != isNegated }
        case .forAnyValue: return values.contains { matches($0, in: request) != isNegated }
        }
    }

    private var holdsWithoutValues: Bool {
        switch quantifier {
        case .none: ifExists || isNegated
        case .forAllValues: true
        case .forAnyValue: ifExists
        }
    }

    /// Whether a value equals one of the expected ones, the negation aside.
    private func matches(_ value: String, in request: AccessRequest) -> Bool {
        switch expected {
        case .text(let patterns, let folding):
            let bytes = folding ? value.utf8.map(\.folded) : Array(value.utf8)
            return patterns.contains { $0.matches(bytes, in: request) }
        case .number(let numbers, let ordering):
            guard let number = Double(value) else { return false }
            return numbers.contains { ordering.holds(number, $0) }
        case .date(let dates, let ordering):
            guard let date = Timestamp(policyDate: value) else { return false }
            return dates.contains { ordering.holds(date, $0) }
        case .bool(let bools): return bools.contains { ($0 ? "true" : "false") == value.folded }
        case .binary(let blobs):
            guard let bytes = Base64.decode(value.utf8) else { return false }
            return blobs.contains(bytes)
        case .address(let networks):
            guard let address = IPNetwork(value) else { return false }
            return networks.contains { $0.contains(address) }
        case .arn(let patterns):
            let parts = ARNPattern.split(value)
            return parts.count == 6 && patterns.contains { $0.matches(parts, in: request) }
        case .absent: return false
        }
    }
}

/// An ARN with wildcards, compared part by part: a wildcard does not reach over a colon into the next part.
struct ARNPattern: Sendable {
    private let parts: [Pattern]

    /// Parts that are missing at the end are wildcards, as AWS completes them.
    init(_ text: String, _ options: Pattern.Options) {
        let parts = Self.split(text).map { Pattern(String(decoding: $0, as: UTF8.self), options) }
        self.parts = parts + Array(repeating: Pattern("*", .wildcards), count: 6 - parts.count)
    }

    func matches(_ other: [[UInt8]], in request: AccessRequest) -> Bool {
        zip(parts, other).allSatisfy { $0.matches($1, in: request) }
    }

    /// The six parts; the last one may hold colons, and so may the variables inside any.
    static func split(_ text: String) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        var depth = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") { depth -= 1 }
            if byte == UInt8(ascii: ":"), depth <= 0, parts.count < 6 {
                parts.append([])
            } else {
                parts[parts.count - 1].append(byte)
            }
        }
        return parts
    }
}

extension Timestamp {
    /// A date in a policy: ISO 8601, with or without a time, or seconds since 1970.
    init?(policyDate text: String) {
        if let seconds = Int64(text) {
            guard abs(seconds) < 1 << 50 else { return nil }
            self.init(seconds: seconds)
        } else if let date = Timestamp(iso8601: text) ?? Timestamp(iso8601: "\(text)T00:00:00Z") {
            self = date
        } else {
            return nil
        }
    }
}
