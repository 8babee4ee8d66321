/// How many values a column has, and which are the lowest and the highest: readers pass over what has none they look for.
struct ValueRange: Sendable, Equatable {
    /// Nulls included.
    private(set) var count: Int64 = 0
    private(set) var nulls: Int64 = 0
    private(set) var lowest: Cell = .null
    private(set) var highest: Cell = .null

    /// Counts a value; of maps there is no lowest.
    mutating func add(_ cell: Cell) {
        count += 1
        if cell == .null { nulls += 1 } else { stretch(to: cell, cell) }
    }

    mutating func add(_ other: ValueRange) {
        count += other.count
        nulls += other.nulls
        if other.lowest != .null { stretch(to: other.lowest, other.highest) }
    }

    private mutating func stretch(to low: Cell, _ high: Cell) {
        if case .map = low { return }
        if lowest == .null || low.isBelow(lowest) { lowest = low }
        if highest == .null || highest.isBelow(high) { highest = high }
    }
}

extension Cell {
    /// Text by its bytes, as readers compare it; `false` comes before `true`.
    fileprivate func isBelow(_ other: Cell) -> Bool {
        switch (self, other) {
        case (.string(let own), .string(let text)): own.utf8.lexicographicallyPrecedes(text.utf8)
        case (.long(let own), .long(let number)), (.timestamp(let own), .timestamp(let number)): own < number
        case (.boolean(let own), .boolean(let flag)): !own && flag
        default: false
        }
    }

    /// A value by itself, for Iceberg's bounds and Parquet's statistics alike; `nil` for null and maps.
    ///
    /// [Single-value serialization](https://iceberg.apache.org/spec/#binary-single-value-serialization)
    var single: [UInt8]? {
        var bytes: [UInt8] = []
        switch self {
        case .string(let text): bytes += text.utf8
        case .boolean(let flag): bytes.append(flag ? 1 : 0)
        case .long(let number), .timestamp(let number): bytes.appendLittleEndian(number)
        case .null, .map: return nil
        }
        return bytes
    }

    /// Characters of a bound, of what may have many.
    private static let boundLength = 64

    /// What is no higher, and short.
    var lowerBound: Cell {
        guard case .string(let text) = self else { return self }
        return .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.boundLength))))
    }

    /// What is no lower, and short; null where there is no such text.
    var upperBound: Cell {
        guard case .string(let text) = self, text.unicodeScalars.count > Self.boundLength else { return self }
        var scalars = Array(text.unicodeScalars.prefix(Self.boundLength))
        while let last = scalars.popLast() {
            guard let next = last.next else { continue }
            return .string(String(String.UnicodeScalarView(scalars + [next])))
        }
        return .null
    }
}

extension Unicode.Scalar {
    /// The one behind it; no scalar stands between U+D7FF and U+E000.
    fileprivate var next: Unicode.Scalar? { Unicode.Scalar(value == 0xD7FF ? 0xE000 : value + 1) }
}
