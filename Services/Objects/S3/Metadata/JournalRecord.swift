import Iceberg
import ServiceKit

/// A change of an object on its way into a journal table.
struct JournalRecord: Sendable {
    enum Kind: String, Sendable {
        case create = "CREATE"
        case update = "UPDATE_METADATA"
        case delete = "DELETE"
    }

    static let topic = "journal"

    /// Ascending, over all buckets.
    let id: Int64
    /// Since 1970.
    let day: Int64
    let key: String
    /// All columns but `sequence_number`, which is the record's own.
    private let encoded: [UInt8]

    init(id: Int64, day: Int64, key: String, encoded: [UInt8]) {
        (self.id, self.day, self.key, self.encoded) = (id, day, key, encoded)
    }

    /// Ascending as text too.
    static func sequenceNumber(_ id: Int64) -> String { id.digits(18, radix: 16, uppercase: true) }

    static func day(of time: Timestamp) -> Int64 { time.milliseconds / 86_400_000 }

    /// A row of the table.
    func cells() throws -> [Cell] {
        let others = try CellCoding.decode(encoded, MetadataColumns.journal.filter { $0.name != "sequence_number" })
        return Array(others[..<2]) + [.string(Self.sequenceNumber(id))] + others[2...]
    }

    /// - Parameter object: as it is after the change; `nil` where it is gone for good: of that nothing but what is
    ///   required is told.
    static func encoded(
        _ kind: Kind, _ key: String, _ version: String, _ object: StoredObject?, in bucket: Bucket, _ call: Call
    ) throws -> [UInt8] {
        var cells: [Cell] = [
            .string(bucket.name), .string(key), .string(kind.rawValue), .timestamp(call.now.milliseconds * 1000),
        ]
        if let object {
            cells +=
                try object.metadataCells() + [Cell(call.requester), Cell(call.sourceAddress), .string(call.requestID)]
        } else {
            cells += [Cell(version == VersionID.null ? nil : version)] + Array(repeating: .null, count: 15)
        }
        return CellCoding.encode(cells)
    }
}

extension Call {
    /// An account, or the service that acts: lifecycle rules and replication are S3 itself.
    fileprivate var requester: String? {
        switch caller.kind {
        case .anonymous: nil
        case .service: caller.arn.hasSuffix("s3.amazonaws.com") ? "s3.amazonaws.com" : caller.arn
        case .root, .user, .assumedRole, .federatedUser: caller.account
        }
    }

    fileprivate var sourceAddress: String? {
        caller.kind == .service || source.address.isEmpty ? nil : source.address
    }
}

/// The form that a row has while it waits: a JSON array, a map as an array of its keys and values.
enum CellCoding {
    static func encode(_ cells: [Cell]) -> [UInt8] {
        var json = JSONWriter()
        json.array { json in
            for cell in cells {
                switch cell {
                case .null: json.null()
                case .string(let text): json.string(text)
                case .boolean(let flag): json.bool(flag)
                case .long(let number), .timestamp(let number): json.number(number)
                case .map(let entries):
                    json.array { json in
                        for entry in entries {
                            json.string(entry.key)
                            json.string(entry.value)
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    static func decode(_ bytes: [UInt8], _ columns: [Column]) throws -> [Cell] {
        let values = Array(try JSONDocument(bytes).root.elements)
        guard values.count == columns.count else { throw StorageError.corrupt(message: "journal: \(values.count)") }
        return zip(values, columns).map { cell($0, $1.kind) }
    }

    private static func cell(_ value: JSONValue, _ kind: Column.Kind) -> Cell {
        if value.isNull { return .null }
        switch kind {
        case .string: return Cell(value.string)
        case .boolean: return Cell(value.bool)
        case .long: return Cell(value.int64)
        case .timestamp: return value.int64.map { .timestamp($0) } ?? .null
        case .map:
            let texts = value.elements.map { $0.string ?? "" }
            return .map(
                stride(from: 0, to: texts.count - 1, by: 2).map { Cell.Entry(texts[$0], texts[$0 + 1]) })
        }
    }
}
