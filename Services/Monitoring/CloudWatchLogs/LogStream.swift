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
    static func sequenceToken(_ number: Int64) -> String { "4" + number.digits(55) }

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
