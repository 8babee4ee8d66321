import ServiceKit
import TestSupport

@testable import SQS

/// SQS alone, and the calls its tests make most.
enum Queues {
    static func with(_ body: (TestHost) async throws -> Void) async throws {
        try await TestHost.with("messages", { [try SQS.service(on: $0)] }, run: body)
    }
}

extension TestHost {
    /// Creates a queue and answers its URL.
    @discardableResult
    func createQueue(_ name: String, _ attributes: [String: String] = [:]) async throws -> String {
        let output = try await call(
            "sqs", "CreateQueue",
            text { json in
                json.member("QueueName", name)
                json.member("Attributes", attributes)
            })
        return try text(output, "QueueUrl")
    }

    @discardableResult
    func send(_ body: String, to queue: String, group: String? = nil, id: String? = nil) async throws -> JSONValue {
        try await call(
            "sqs", "SendMessage",
            text { json in
                json.member("QueueUrl", queue)
                json.member("MessageBody", body)
                json.member("MessageGroupId", group)
                json.member("MessageDeduplicationId", id)
            })
    }

    func receive(
        _ queue: String, limit: Int = 10, visibility: Int? = nil, wait: Int? = nil, attempt: String? = nil
    ) async throws -> [Received] {
        let output = try await call(
            "sqs", "ReceiveMessage",
            text { json in
                json.member("QueueUrl", queue)
                json.member("MaxNumberOfMessages", limit)
                json.member("VisibilityTimeout", visibility)
                json.member("WaitTimeSeconds", wait)
                json.member("ReceiveRequestAttemptId", attempt)
                json.member("MessageSystemAttributeNames", ["All"])
                json.member("MessageAttributeNames", ["All"])
            })
        return (output["Messages"].map { Array($0.elements) } ?? []).map(Received.init)
    }

    func delete(_ message: Received, from queue: String) async throws {
        try await call(
            "sqs", "DeleteMessage",
            text { json in
                json.member("QueueUrl", queue)
                json.member("ReceiptHandle", message.handle)
            })
    }

    func setVisibility(of message: Received, in queue: String, to seconds: Int) async throws {
        try await call(
            "sqs", "ChangeMessageVisibility",
            text { json in
                json.member("QueueUrl", queue)
                json.member("ReceiptHandle", message.handle)
                json.member("VisibilityTimeout", seconds)
            })
    }

    func attributes(of queue: String) async throws -> [String: String] {
        let output = try await call(
            "sqs", "GetQueueAttributes", #"{"QueueUrl":"\#(queue)","AttributeNames":["All"]}"#)
        return try output["Attributes"].map { try [String: String](json: $0) } ?? [:]
    }

    func refusal(_ operation: String, _ input: (inout JSONWriter) -> Void) async throws -> String? {
        try await error(of: "sqs", operation, text(input)).map { "\($0.code): \($0.message)" }
    }

    func text(_ input: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        json.object(input)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    func text(_ output: JSONValue, _ member: String) throws -> String {
        guard let text = output[member]?.string else { throw MemberError.missing(member) }
        return text
    }
}

struct Received {
    let json: JSONValue
    var body: String { json["Body"]?.string ?? "" }
    var handle: String { json["ReceiptHandle"]?.string ?? "" }
    var id: String { json["MessageId"]?.string ?? "" }
    func attribute(_ name: String) -> String? { json["Attributes"]?[name]?.string }
}
