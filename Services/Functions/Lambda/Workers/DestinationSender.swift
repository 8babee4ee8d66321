import ServiceKit

/// An asynchronous invocation that has come to its end, as destinations are told of it.
struct InvocationRecord: Sendable {
    enum Condition: String, Sendable {
        case success = "Success"
        case retriesExhausted = "RetriesExhausted"
        case eventAgeExceeded = "EventAgeExceeded"
    }

    let event: QueuedEvent
    let function: ResolvedFunction
    let result: InvocationResult
    let attempts: Int
    let condition: Condition

    /// [Documented form](https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html)
    func document(at now: Timestamp) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("version", "1.0")
            json.member("timestamp", now.iso8601(milliseconds: true))
            json.member("requestContext") {
                $0.object {
                    $0.member("requestId", event.requestID)
                    $0.member("functionArn", event.key.arn(event.qualifier ?? FunctionVersion.latest))
                    $0.member("condition", condition.rawValue)
                    $0.member("approximateInvokeCount", attempts)
                }
            }
            json.member("requestPayload") { $0.raw(event.payload) }
            json.member("responseContext") {
                $0.object {
                    $0.member("statusCode", 200)
                    $0.member("executedVersion", function.version.version)
                    $0.member("functionError", result.functionError)
                }
            }
            json.member("responsePayload") { Self.write(result.payload, to: &$0) }
        }
        return json.bytes
    }

    /// A response is JSON, unless a custom runtime sent something else.
    private static func write(_ payload: [UInt8], to json: inout JSONWriter) {
        if !payload.isEmpty, (try? JSONDocument(payload)) != nil { return json.raw(payload) }
        json.string(String(decoding: payload, as: UTF8.self))
    }
}

/// Hands records and failed events to queues, topics and functions, with the permissions of the function's role.
struct DestinationSender: Sendable {
    let client: ServiceClient
    let clock: any WallClock
    let log: Log

    /// A destination that refuses is logged, as on AWS; one that cannot be reached throws, to be tried again.
    func send(_ record: InvocationRecord, _ destinations: Destinations?) async throws {
        let target = record.condition == .success ? destinations?.onSuccess : destinations?.onFailure
        let role = record.function.version.role
        if let arn = target?.destination {
            try await deliver(String(decoding: record.document(at: clock.now), as: UTF8.self), to: arn, as: role)
        }
        if record.condition != .success, let arn = record.function.version.deadLetterTarget {
            try await deliver(
                String(decoding: record.event.payload, as: UTF8.self), to: arn, as: role,
                attributes: [
                    "RequestID": record.event.requestID, "ErrorCode": "200",
                    "ErrorMessage": String(String(decoding: record.result.payload, as: UTF8.self).prefix(1024)),
                ])
        }
    }

    func deliver(
        _ text: String, to target: String, as role: String, attributes: [String: String] = [:]
    ) async throws {
        guard let arn = ARN(target) else { return }
        var options = ServiceClient.Options()
        options.region = arn.region
        let caller = Caller.role(role, session: "destination")
        do {
            switch arn.service {
            case "sqs":
                _ = try await client.call("sqs", "SendMessage", as: caller, options: options) { json in
                    json.member("QueueUrl", QueueAddress(arn).url)
                    json.member("MessageBody", text)
                    if !attributes.isEmpty { json.member("MessageAttributes") { Self.write(attributes, to: &$0) } }
                }
            case "sns":
                _ = try await client.call("sns", "Publish", as: caller, options: options) { json in
                    json.member("TopicArn", target)
                    json.member("Message", text)
                    if !attributes.isEmpty { json.member("MessageAttributes") { Self.write(attributes, to: &$0) } }
                }
            case "lambda":
                _ = try await client.call("lambda", "Invoke", as: caller, options: options) { json in
                    json.member("FunctionName", target)
                    json.member("InvocationType", "Event")
                    json.member("Payload", Blob(Array(text.utf8)))
                }
            default: log.warning("A destination's service is not supported", ["destination": target])
            }
        } catch let error as ServiceError where !error.isTransient {
            log.warning(
                "A destination refused an event", ["destination": target, "error": "\(error.code): \(error.message)"])
        }
    }

    private static func write(_ attributes: [String: String], to json: inout JSONWriter) {
        json.object { json in
            for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                json.member(name) {
                    $0.object {
                        $0.member("DataType", name == "ErrorCode" ? "Number" : "String")
                        $0.member("StringValue", value)
                    }
                }
            }
        }
    }
}

/// A queue's ARN as the URL its operations take.
struct QueueAddress {
    let url: String

    init(_ arn: ARN) { url = "http://sqs.\(arn.region).localhost:4566/\(arn.account)/\(arn.resource)" }
}
