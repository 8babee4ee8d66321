import ServiceKit

/// One change of a table, in the form of Lambda's events.
struct StreamRecord: Sendable {
    let sequence: String
    let created: Timestamp
    let json: [UInt8]

    /// From a record as GetRecords answers it: the event has the stream's ARN beside it.
    init(_ value: JSONValue, source: ARN) throws {
        let change = try Members(try Members(value)("dynamodb") as JSONValue)
        sequence = try change("SequenceNumber")
        created = try change("ApproximateCreationDateTime") ?? Timestamp(seconds: 0)
        var json = JSONWriter(capacity: value.rawBytes.count + 200)
        json.object { json in
            for member in value.members { json.member(member.name, member.value) }
            json.member("eventSourceARN", source)
        }
        self.json = json.bytes
    }
}
