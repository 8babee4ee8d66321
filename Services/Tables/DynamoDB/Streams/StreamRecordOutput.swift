import Bytes
import Crypto
import ServiceKit

/// A record as GetRecords answers it, and as functions receive it.
struct StreamRecordOutput: OutputShape {
    let record: StreamRecord
    let stream: StreamDefinition
    /// Bytes of the key and the images.
    let size: Int
    private let keys: PreparedItem
    private let old: PreparedItem?
    private let new: PreparedItem?

    init(_ record: StreamRecord, of stream: StreamDefinition) throws {
        self.record = record
        self.stream = stream
        keys = try PreparedItem(record.keys)
        old = try record.old.map { try PreparedItem($0) }
        new = try record.new.map { try PreparedItem($0) }
        size = try record.keys.size() + (record.old?.size() ?? 0) + (record.new?.size() ?? 0)
    }

    func write(to json: inout JSONWriter) {
        json.member("eventID", eventID)
        json.member("eventName", record.event.rawValue)
        json.member("eventVersion", "1.1")
        json.member("eventSource", "aws:dynamodb")
        json.member("awsRegion", stream.region)
        json.member("dynamodb") { json in
            json.object { json in
                json.member("ApproximateCreationDateTime", Timestamp(seconds: record.time.seconds))
                json.member("Keys", keys)
                json.member("NewImage", new)
                json.member("OldImage", old)
                json.member("SequenceNumber", SequenceNumber.text(record.sequence))
                json.member("SizeBytes", size)
                json.member("StreamViewType", stream.view.rawValue)
            }
        }
        guard record.isExpiry else { return }
        json.member("userIdentity") { json in
            json.object { json in
                json.member("PrincipalId", "dynamodb.amazonaws.com")
                json.member("Type", "Service")
            }
        }
    }

    /// The same for the same record, however often it is read.
    private var eventID: String {
        let digest = SHA256.hash("\(stream.arn) \(record.sequence)")
        return String(decoding: Hex.encode(digest.prefix(16)), as: UTF8.self)
    }
}
