/// How columns stand in a file's footer.
///
/// [parquet.thrift](https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift)
enum ParquetSchema {
    enum Physical: Int32 {
        case boolean = 0
        case int64 = 2
        case bytes = 6
    }

    fileprivate enum Repetition: Int32 {
        case required = 0
        case optional = 1
        case repeated = 2
    }

    /// What older readers ask instead of the logical type.
    fileprivate enum Converted: Int32 {
        case text = 0
        case map = 1
    }

    /// One element of the tree of fields, depth first.
    struct Element {
        var name: String
        var id: Int?
        fileprivate var physical: Physical?
        fileprivate var repetition: Repetition?
        fileprivate var children: Int32?
        fileprivate var converted: Converted?
        fileprivate var isTimestamp = false

        /// Whether it has values of its own.
        var isLeaf: Bool { physical != nil }
    }

    static func elements(of columns: [Column]) -> [Element] {
        [Element(name: "table", children: Int32(columns.count))] + columns.flatMap(elements)
    }

    private static func elements(of column: Column) -> [Element] {
        var element = Element(name: column.name, id: column.id)
        element.repetition = column.isRequired ? .required : .optional
        switch column.kind {
        case .string:
            element.physical = .bytes
            element.converted = .text
        case .boolean: element.physical = .boolean
        case .long: element.physical = .int64
        case .timestamp:
            element.physical = .int64
            element.isTimestamp = true
        case .map(let key, let value):
            element.children = 1
            element.converted = .map
            let pair = Element(name: "key_value", repetition: .repeated, children: 2)
            return [element, pair, text("key", key), text("value", value)]
        }
        return [element]
    }

    private static func text(_ name: String, _ id: Int) -> Element {
        Element(name: name, id: id, physical: .bytes, repetition: .required, converted: .text)
    }

    static func write(_ element: Element, to thrift: inout ThriftWriter) {
        if let physical = element.physical { thrift.field(1, physical.rawValue) }
        if let repetition = element.repetition { thrift.field(3, repetition.rawValue) }
        thrift.field(4, element.name)
        if let children = element.children { thrift.field(5, children) }
        if let converted = element.converted { thrift.field(6, converted.rawValue) }
        if let id = element.id { thrift.field(9, Int32(id)) }
        switch element.converted {
        case .text: thrift.field(10) { $0.field(1) { _ in } }
        case .map: thrift.field(10) { $0.field(2) { _ in } }
        case nil where element.isTimestamp:
            thrift.field(10) { type in
                type.field(8) { timestamp in
                    timestamp.field(1, false)
                    // Microseconds.
                    timestamp.field(2) { $0.field(2) { _ in } }
                }
            }
        case nil: break
        }
    }
}
