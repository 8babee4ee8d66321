import ServiceKit

/// The input of operations that name a queue and nothing else.
struct QueueInput: InputShape {
    let queueURL: QueueURL

    init(_ member: Members) throws { queueURL = try member("QueueUrl") }
}
