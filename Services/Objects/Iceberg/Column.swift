/// A column of a table, as Iceberg and Parquet know it: by its number rather than its name.
public struct Column: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case string
        case boolean
        case long
        /// Microseconds since 1970, of no time zone.
        case timestamp
        /// Text by text; keys and values are fields with numbers of their own.
        case map(key: Int, value: Int)
    }

    public let id: Int
    public let name: String
    public let kind: Kind
    /// Whether every row has a value.
    public let isRequired: Bool
    /// Whether manifests tell the lowest and the highest of a file's values, for readers that filter by it.
    public let isBounded: Bool
    /// What it is, for whoever reads the schema.
    public let doc: String

    public init(
        _ id: Int, _ name: String, _ kind: Kind, isRequired: Bool = false, isBounded: Bool = false, doc: String = ""
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.isBounded = isBounded
        self.doc = doc
    }

    var isMap: Bool {
        if case .map = kind { true } else { false }
    }

    /// The highest number among the column and its parts.
    var lastID: Int {
        if case .map(let key, let value) = kind { return max(id, key, value) }
        return id
    }
}

/// What one row has in one column.
public enum Cell: Sendable, Equatable {
    case null
    case string(String)
    case boolean(Bool)
    case long(Int64)
    /// Microseconds since 1970.
    case timestamp(Int64)
    /// In an order; no key twice.
    case map([Entry])

    public struct Entry: Sendable, Equatable {
        public let key: String
        public let value: String

        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    public init(_ text: String?) { self = text.map { .string($0) } ?? .null }
    public init(_ flag: Bool?) { self = flag.map { .boolean($0) } ?? .null }
    public init(_ number: Int64?) { self = number.map { .long($0) } ?? .null }
}

/// Rows that do not fit the columns they are written for.
public enum TableFault: Error, Equatable {
    /// Another number of cells than there are columns.
    case width(row: Int)
    /// A null where the column has none, or a value of another kind.
    case kind(row: Int, column: String)
}
