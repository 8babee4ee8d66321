import JSON

/// Columns as Iceberg's [schemas](https://iceberg.apache.org/spec/#schemas-and-data-types) tell them.
enum TableSchema {
    static func text(of columns: [Column]) -> String {
        var json = JSONWriter()
        write(columns, to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    static func write(_ columns: [Column], to json: inout JSONWriter) {
        json.object { json in
            json.member("type", "struct")
            json.member("schema-id", 0)
            json.member("fields") { json in
                json.array { json in for column in columns { write(column, to: &json) } }
            }
        }
    }

    private static func write(_ column: Column, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", column.id)
            json.member("name", column.name)
            json.member("required", column.isRequired)
            write(column.kind, to: &json)
            if !column.doc.isEmpty { json.member("doc", column.doc) }
        }
    }

    private static func write(_ kind: Column.Kind, to json: inout JSONWriter) {
        switch kind {
        case .string: json.member("type", "string")
        case .boolean: json.member("type", "boolean")
        case .long: json.member("type", "long")
        case .timestamp: json.member("type", "timestamp")
        case .map(let key, let value):
            json.member("type") { json in
                json.object { json in
                    json.member("type", "map")
                    json.member("key-id", key)
                    json.member("key", "string")
                    json.member("value-id", value)
                    json.member("value-required", true)
                    json.member("value", "string")
                }
            }
        }
    }
}
