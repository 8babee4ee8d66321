/// What manifests tell of the values of a file's columns, of those that are bounded.
enum ColumnMetrics {
    /// Four fields of a manifest's record: how many values there are, how many of them null, the lower and the upper bounds.
    static func bytes(of ranges: [ValueRange], in columns: [Column]) -> [UInt8] {
        let told = zip(columns, ranges).filter(\.0.isBounded).map { (id: Int64($0.id), value: $1) }
        var fields = AvroWriter()
        fields.map(told) { $0.number($1.count) }
        fields.map(told) { $0.number($1.nulls) }
        fields.map(told.compactMap { id, range in range.lowest.lowerBound.single.map { (id, $0) } }) { $0.binary($1) }
        fields.map(told.compactMap { id, range in range.highest.upperBound.single.map { (id, $0) } }) { $0.binary($1) }
        return fields.bytes
    }

    /// The same fields of a file that nothing is known of.
    static let none: [UInt8] = [0, 0, 0, 0]

    /// The fields' schema.
    static let fields = [
        field("value_counts", 109, key: 119, value: 120, "long"),
        field("null_value_counts", 110, key: 121, value: 122, "long"),
        field("lower_bounds", 125, key: 126, value: 127, "bytes"),
        field("upper_bounds", 128, key: 129, value: 130, "bytes"),
    ].joined(separator: ",\n")

    /// A map by columns' numbers, which in Avro is an array of pairs.
    private static func field(_ name: String, _ id: Int, key: Int, value: Int, _ type: String) -> String {
        """
        {"name":"\(name)","default":null,"field-id":\(id),"type":["null",{"type":"array","logicalType":"map",\
        "items":{"type":"record","name":"k\(key)_v\(value)","fields":[\
        {"name":"key","type":"int","field-id":\(key)},{"name":"value","type":"\(type)","field-id":\(value)}]}}]}
        """
    }
}

extension AvroWriter {
    /// The second branch of a union whose first is null: values by columns' numbers.
    fileprivate mutating func map<Value>(
        _ pairs: [(id: Int64, value: Value)], _ write: (inout AvroWriter, Value) -> Void
    ) {
        number(1)
        if !pairs.isEmpty { number(Int64(pairs.count)) }
        for (id, value) in pairs {
            number(id)
            write(&self, value)
        }
        number(0)
    }
}
