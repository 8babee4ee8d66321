import ServiceKit

/// A sequence of events from one source.
struct LogStream: Sendable {
    let id: Int64
    let name: String
    let created: Timestamp
    let firstEvent: Timestamp?
    let lastEvent: Timestamp?
    let lastIngestion: Timestamp?

    /// AWS still tells a token, and accepts any.
    static func sequenceToken(_ number: Int64) -> String {
        let digits = String(number)
        return "4" + String(repeating: "0", count: max(0, 55 - digits.utf8.count)) + digits
    }

    func write(to json: inout JSONWriter, in group: LogGroupAddress) {
        json.member("logStreamName", name)
        json.member("creationTime", created.milliseconds)
        json.member("firstEventTimestamp", firstEvent?.milliseconds)
        json.member("lastEventTimestamp", lastEvent?.milliseconds)
        json.member("lastIngestionTime", lastIngestion?.milliseconds)
        json.member("uploadSequenceToken", LogStream.sequenceToken(id))
        json.member("arn", group.streamARN(name))
        json.member("storedBytes", 0)
    }
}
