/// Attributes by name: an item, a key or a value of type M. Sorted by the names' bytes, each name once.
///
/// A sorted array rather than a hash table: items have few attributes, are read whole far more often than they are
/// searched, and equal maps get equal bytes.
struct AttributeMap: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    struct Entry: Sendable, Hashable {
        var name: Text
        var value: AttributeValue
    }

    private(set) var entries: [Entry] = []

    init() {}

    init(dictionaryLiteral elements: (Text, AttributeValue)...) {
        self.init(unsorted: elements.map { Entry(name: $0.0, value: $0.1) })
    }

    /// Takes entries in any order; of those with one name the last counts, as in AWS's JSON.
    init(unsorted: [Entry]) {
        entries = unsorted
        guard !Self.isSorted(entries) else { return }
        let sorted = unsorted.enumerated().sorted { left, right in
            left.element.name == right.element.name
                ? left.offset < right.offset : left.element.name < right.element.name
        }
        entries = []
        for (_, entry) in sorted {
            if entries.last?.name == entry.name { entries.removeLast() }
            entries.append(entry)
        }
    }

    private static func isSorted(_ entries: [Entry]) -> Bool {
        var index = 1
        while index < entries.count {
            guard entries[index - 1].name < entries[index].name else { return false }
            index += 1
        }
        return true
    }

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }

    subscript(name: Text) -> AttributeValue? {
        get {
            let index = lowerBound(of: name)
            return index < entries.count && entries[index].name == name ? entries[index].value : nil
        }
        set {
            let index = lowerBound(of: name)
            let exists = index < entries.count && entries[index].name == name
            switch (newValue, exists) {
            case (let value?, true): entries[index].value = value
            case (let value?, false): entries.insert(Entry(name: name, value: value), at: index)
            case (nil, true): entries.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// Changes a value where it stands, without a copy of what is below it; `nil` without calling for a missing one.
    mutating func withValue<Result>(
        named name: Text, _ body: (inout AttributeValue) throws -> Result
    ) rethrows -> Result? {
        let index = lowerBound(of: name)
        guard index < entries.count, entries[index].name == name else { return nil }
        return try body(&entries[index].value)
    }

    private func lowerBound(of name: Text) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
