import ServiceKit

/// The input of operations that name a log stream and nothing else.
struct LogStreamInput: InputShape {
    let group: String
    let stream: String

    init(_ member: Members) throws {
        group = try member("logGroupName")
        stream = try member("logStreamName")
    }
}
