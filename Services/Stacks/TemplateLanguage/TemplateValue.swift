/// A value of a template: as it was written, or as it came out of its functions.
public indirect enum TemplateValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// As it was written: `1.50`.
    case number(String)
    case string(String)
    case list([TemplateValue])
    case map(TemplateMap)
    /// What only shows once a resource exists: an attribute of one that is still to be made.
    case unknown
}

/// An object of a template: its members in the order they were written, equal to any other with the same members.
public struct TemplateMap: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public let name: String
        public let value: TemplateValue

        public init(_ name: String, _ value: TemplateValue) { (self.name, self.value) = (name, value) }
    }

    public private(set) var entries: [Entry]
    private var positions: [String: Int]

    public init() { (entries, positions) = ([], [:]) }

    /// The last of several entries with one name counts.
    public init(_ entries: [Entry]) {
        self.init()
        for entry in entries { self[entry.name] = entry.value }
    }

    public var isEmpty: Bool { entries.isEmpty }
    public var count: Int { entries.count }
    public var names: [String] { entries.map(\.name) }

    public subscript(name: String) -> TemplateValue? {
        get { positions[name].map { entries[$0].value } }
        set {
            if let newValue {
                if let position = positions[name] {
                    entries[position] = Entry(name, newValue)
                } else {
                    positions[name] = entries.count
                    entries.append(Entry(name, newValue))
                }
            } else if positions[name] != nil {
                entries.removeAll { $0.name == name }
                positions = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
            }
        }
    }

    public static func == (one: TemplateMap, other: TemplateMap) -> Bool {
        one.count == other.count && one.entries.allSatisfy { other[$0.name] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for name in names.sorted() {
            hasher.combine(name)
            hasher.combine(self[name])
        }
    }
}

extension TemplateValue {
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var list: [TemplateValue]? { if case .list(let values) = self { values } else { nil } }
    public var map: TemplateMap? { if case .map(let map) = self { map } else { nil } }

    /// A scalar as text, as functions and properties of type String take it: `true`, `1.50`.
    public var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .null, .list, .map, .unknown: nil
        }
    }

    /// Whether `unknown` is in it.
    public var isPartlyUnknown: Bool {
        switch self {
        case .unknown: true
        case .list(let values): values.contains(where: \.isPartlyUnknown)
        case .map(let map): map.entries.contains(where: \.value.isPartlyUnknown)
        case .null, .bool, .number, .string: false
        }
    }
}
